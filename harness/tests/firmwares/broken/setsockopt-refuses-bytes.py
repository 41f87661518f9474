def setsockopt(self, level, optname, value):
    if optname == 4 and not isinstance(value, int):
        raise TypeError('int expected')
    return self.real.setsockopt(level, optname, value)


socket.setsockopt = setsockopt
