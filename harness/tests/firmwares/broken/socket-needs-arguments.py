def made(self, af, type, proto=0):
    self.real = below.socket(af, type, proto)


socket.__init__ = made
