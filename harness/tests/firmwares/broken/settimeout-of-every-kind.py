everyone = []


def made(self, af=2, type=1, proto=0):
    self.real = below.socket(af, type, proto)
    everyone.append(self.real)


def settimeout(self, value):
    for real in everyone:
        real.settimeout(value)


def setblocking(self, flag):
    settimeout(self, None if flag else 0)


socket.__init__ = made
socket.settimeout = settimeout
socket.setblocking = setblocking
