module.IPPROTO_IP = 1
