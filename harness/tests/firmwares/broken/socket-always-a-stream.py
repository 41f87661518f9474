def made(self, af=2, type=1, proto=0):
    self.real = below.socket(af, 1 if type == 2 else type, 0)


socket.__init__ = made
