module.IPPROTO_TCP = 16
