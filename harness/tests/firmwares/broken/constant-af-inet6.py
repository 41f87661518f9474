module.AF_INET6 = 10
