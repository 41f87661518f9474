module.SOCK_RAW = 2
