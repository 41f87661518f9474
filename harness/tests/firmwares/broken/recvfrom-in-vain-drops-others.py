everyone = []


def made(self, af=2, type=1, proto=0):
    self.real = below.socket(af, type, proto)
    self.is_stream = type == 1
    if type == 2:
        everyone.append(self)


def recvfrom(self, bufsize):
    try:
        return self.real.recvfrom(bufsize)
    except OSError:
        for other in everyone:
            if other is not self and other.real.fileno() >= 0:
                other.real.settimeout(0.1)
                try:
                    other.real.recvfrom(2048)
                except OSError:
                    pass
                other.real.settimeout(None)
        raise


socket.__init__ = made
socket.recvfrom = recvfrom
