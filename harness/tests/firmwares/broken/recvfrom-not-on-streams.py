def made(self, af=2, type=1, proto=0):
    self.real = below.socket(af, type, proto)
    self.is_stream = type == 1


def recvfrom(self, bufsize):
    if self.is_stream:
        raise OSError(95)
    return self.real.recvfrom(bufsize)


socket.is_stream = True
socket.__init__ = made
socket.recvfrom = recvfrom
