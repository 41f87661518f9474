def made(self, af=2, type=1, proto=0):
    self.real = below.socket(af, type, proto)
    self.datagram = type == 2


def bind(self, address):
    if getattr(self, 'datagram', False):
        raise OSError(95)
    return self.real.bind(address)


socket.__init__ = made


socket.made = made
socket.bind = bind
