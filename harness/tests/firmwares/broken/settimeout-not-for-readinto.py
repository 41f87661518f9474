def settimeout(self, value):
    self.limit = value
    return self.real.settimeout(value)


def setblocking(self, flag):
    self.limit = None
    return self.real.setblocking(flag)


def readinto(self, buf, *nbytes):
    if not self.limit:
        return self.real.readinto(buf, *nbytes)
    self.real.settimeout(None)
    try:
        return self.real.readinto(buf, *nbytes)
    finally:
        self.real.settimeout(self.limit)


socket.limit = None
socket.settimeout = settimeout
socket.setblocking = setblocking
socket.readinto = readinto
