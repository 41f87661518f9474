def settimeout(self, value):
    self.limit = value
    return self.real.settimeout(value)


def setblocking(self, flag):
    self.limit = None
    return self.real.setblocking(flag)


def readline(self, *size):
    if not self.limit:
        return self.real.readline(*size)
    self.real.settimeout(None)
    try:
        return self.real.readline(*size)
    finally:
        self.real.settimeout(self.limit)


socket.limit = None
socket.settimeout = settimeout
socket.setblocking = setblocking
socket.readline = readline
