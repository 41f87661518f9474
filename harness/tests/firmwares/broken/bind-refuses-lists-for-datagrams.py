def made(self, af=2, type=1, proto=0):
    self.real = below.socket(af, type, proto)
    self.type = type


def bind(self, address):
    if self.type == 2 and isinstance(address, list):
        raise TypeError('a tuple expected')
    return self.real.bind(address)


socket.__init__ = made
socket.bind = bind
