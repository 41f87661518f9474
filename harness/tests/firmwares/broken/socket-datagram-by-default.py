def made(self, af=2, type=2, proto=0):
    self.real = below.socket(af, type, proto)


socket.__init__ = made
