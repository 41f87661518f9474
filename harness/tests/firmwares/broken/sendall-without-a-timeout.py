def settimeout(self, value):
    self.limit = value
    return self.real.settimeout(value)


def setblocking(self, flag):
    self.limit = None
    return self.real.setblocking(flag)


def sendall(self, data):
    if not self.limit:
        return self.real.sendall(data)
    self.real.settimeout(None)
    try:
        return self.real.sendall(data)
    finally:
        self.real.settimeout(self.limit)


socket.limit = None
socket.settimeout = settimeout
socket.setblocking = setblocking
socket.sendall = sendall
