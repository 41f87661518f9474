def made(self, af=2, type=1, proto=0):
    self.real = below.socket(af, type, proto)
    self.datagram = type == 2


def connect(self, address):
    if self.datagram:
        raise OSError(95)
    return self.real.connect(address)


socket.__init__ = made


socket.made = made
socket.connect = connect
