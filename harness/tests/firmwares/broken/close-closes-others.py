there = []


def made(self, af=2, type=1, proto=0):
    self.real = below.socket(af, type, proto)
    there.append(self.real)


def close(self):
    while there:
        there.pop().close()
    self.real.close()


socket.__init__ = made


socket.made = made
socket.close = close
