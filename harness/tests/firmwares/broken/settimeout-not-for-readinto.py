def settimeout(self, value):
    self.limit = value
    return self.real.settimeout(value)


def readinto(self, buf, *nbytes):
    self.real.settimeout(None)
    try:
        return self.real.readinto(buf, *nbytes)
    finally:
        self.real.settimeout(getattr(self, 'limit', None))


socket.settimeout = settimeout
socket.readinto = readinto
