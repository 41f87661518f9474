def settimeout(self, value):
    self.limit = value
    return self.real.settimeout(value)


def recv(self, bufsize):
    self.real.settimeout(None)
    try:
        return self.real.recv(bufsize)
    finally:
        self.real.settimeout(getattr(self, 'limit', None))


socket.settimeout = settimeout
socket.recv = recv
