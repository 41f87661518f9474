module.SOCK_STREAM = True
