module.IPPROTO_UDP = 11
