opened = []


def made(self, af=2, type=1, proto=0):
    if len(opened) == 9:
        raise OSError(23)
    self.real = below.socket(af, type, proto)
    opened.append(None)


socket.__init__ = made
