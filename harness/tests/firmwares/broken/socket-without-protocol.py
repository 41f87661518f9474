def made(self, af=2, type=1):
    self.real = below.socket(af, type)


socket.__init__ = made
