kept = []


def made(self, af=2, type=1, proto=0):
    self.real = below.socket(af, type, proto)
    kept.append(self.real)


def close(self):
    if self.real in kept:
        kept.remove(self.real)
    return self.real.close()


def __del__(self):
    pass


socket.__init__ = made
socket.close = close
socket.__del__ = __del__
