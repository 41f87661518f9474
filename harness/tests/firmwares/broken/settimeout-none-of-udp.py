def made(self, af=2, type=1, proto=0):
    self.real = below.socket(af, type, proto)
    self.datagram = type == 2


def settimeout(self, value):
    if not getattr(self, 'datagram', False):
        return self.real.settimeout(value)


socket.__init__ = made


socket.made = made
socket.settimeout = settimeout
