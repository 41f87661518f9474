module.SO_REUSEADDR = 4.0
