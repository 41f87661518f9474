sharing = []


def made(self, af=2, type=1, proto=0):
    self.real = below.socket(af, type, proto)
    if type == 2:
        sharing.append(self.real)


def settimeout(self, value):
    for real in sharing if self.real in sharing else [self.real]:
        real.settimeout(value)


def setblocking(self, flag):
    settimeout(self, None if flag else 0)


def close(self):
    if self.real in sharing:
        sharing.remove(self.real)
    return self.real.close()


def ended(self):
    if self.real is not None:
        close(self)


socket.__init__ = made
socket.settimeout = settimeout
socket.setblocking = setblocking
socket.close = close
socket.__del__ = ended
