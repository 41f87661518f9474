module.SO_REUSEADDR = 2
