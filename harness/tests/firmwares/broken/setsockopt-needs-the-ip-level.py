def setsockopt(self, level, optname, value):
    if level:
        raise OSError(92)
    return self.real.setsockopt(level, optname, value)


socket.setsockopt = setsockopt
