def made(self, af=2, type=1, proto=0):
    self.real = below.socket(af, type if type in (1, 2, 3) else 1, proto)


socket.__init__ = made
