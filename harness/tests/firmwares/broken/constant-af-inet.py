module.AF_INET = 10
