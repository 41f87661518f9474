def made(self, af=2, type=1, proto=0):
    if proto:
        raise OSError(93)
    self.real = below.socket(af, type, proto)


socket.__init__ = made
