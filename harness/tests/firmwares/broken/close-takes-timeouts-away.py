sharing = []


def made(self, af=2, type=1, proto=0):
    self.real = below.socket(af, type, proto)
    sharing.append(self.real)


def close(self):
    if self.real in sharing:
        sharing.remove(self.real)
        for real in sharing:
            real.settimeout(None)
    return self.real.close()


def ended(self):
    if self.real is not None:
        if self.real in sharing:
            sharing.remove(self.real)
        self.real.close()


socket.__init__ = made
socket.close = close
socket.__del__ = ended
