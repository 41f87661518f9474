module.SOCK_STREAM = 0
