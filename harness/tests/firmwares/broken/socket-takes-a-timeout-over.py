limits = [None]


def made(self, af=2, type=1, proto=0):
    self.real = below.socket(af, type, proto)
    self.real.settimeout(limits[-1])


def settimeout(self, value):
    limits.append(value)
    return self.real.settimeout(value)


def setblocking(self, flag):
    return settimeout(self, None if flag else 0)


socket.__init__ = made
socket.settimeout = settimeout
socket.setblocking = setblocking
