def settimeout(self, value):
    self.limit = value
    return self.real.settimeout(value)


def recvfrom(self, bufsize):
    self.real.settimeout(None)
    try:
        return self.real.recvfrom(bufsize)
    finally:
        self.real.settimeout(getattr(self, 'limit', None))


socket.settimeout = settimeout
socket.recvfrom = recvfrom
