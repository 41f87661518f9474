def settimeout(self, value):
    self.limit = value
    return self.real.settimeout(value)


def setblocking(self, flag):
    self.limit = None
    return self.real.setblocking(flag)


def connect(self, address):
    if not self.limit:
        return self.real.connect(address)
    self.real.settimeout(None)
    try:
        return self.real.connect(address)
    finally:
        self.real.settimeout(self.limit)


socket.limit = None
socket.settimeout = settimeout
socket.setblocking = setblocking
socket.connect = connect
