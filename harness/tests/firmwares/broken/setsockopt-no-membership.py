def setsockopt(self, level, optname, value):
    if optname == module.IP_ADD_MEMBERSHIP:
        raise OSError(92)
    return self.real.setsockopt(level, optname, value)


socket.setsockopt = setsockopt
