def setsockopt(self, level, optname, value):
    if not value:
        raise OSError(22)
    return self.real.setsockopt(level, optname, value)


socket.setsockopt = setsockopt
