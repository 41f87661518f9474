there = []


def made(self, af=2, type=1, proto=0):
    self.real = below.socket(af, type, proto)
    there.append(self.real)


def settimeout(self, value):
    for real in there:
        real.settimeout(value)


socket.__init__ = made


socket.made = made
socket.settimeout = settimeout
