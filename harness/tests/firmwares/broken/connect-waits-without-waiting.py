def settimeout(self, value):
    self.limit = value
    return self.real.settimeout(value)


def setblocking(self, flag):
    return self.settimeout(None if flag else 0)


def connect(self, address):
    if self.limit != 0:
        return self.real.connect(address)
    self.real.setblocking(True)
    try:
        return self.real.connect(address)
    finally:
        self.real.setblocking(False)


socket.limit = None
socket.settimeout = settimeout
socket.setblocking = setblocking
socket.connect = connect
