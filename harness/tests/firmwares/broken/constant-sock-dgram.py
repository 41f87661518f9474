module.SOCK_DGRAM = 3
