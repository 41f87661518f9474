def setsockopt(self, level, optname, value):
    self.real.settimeout(None)
    return self.real.setsockopt(level, optname, value)


socket.setsockopt = setsockopt
