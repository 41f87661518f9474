def setsockopt(self, level, optname, value):
    self.real.setsockopt(level, optname, value)
    return value


socket.setsockopt = setsockopt
