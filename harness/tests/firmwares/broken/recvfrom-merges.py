def recvfrom(self, bufsize):
    data, address = self.real.recvfrom(bufsize)
    self.real.settimeout(0)
    try:
        while True:
            data += self.real.recvfrom(bufsize)[0]
    except OSError:
        self.real.settimeout(getattr(self, 'limit', None))
    return data[:bufsize], address


def settimeout(self, value):
    self.limit = value
    return self.real.settimeout(value)


socket.recvfrom = recvfrom
socket.settimeout = settimeout
