def setsockopt(self, level, optname, value):
    if isinstance(value, int):
        raise TypeError('bytes expected')
    return self.real.setsockopt(level, optname, value)


socket.setsockopt = setsockopt
