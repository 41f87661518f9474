def setsockopt(self, level, optname, value):
    self.real.setsockopt(level, optname, value)
    self.real.close()


socket.setsockopt = setsockopt
