def settimeout(self, value):
    self.limit = value
    return self.real.settimeout(value)


def setblocking(self, flag):
    return self.settimeout(None if flag else 0)


def connect(self, address):
    if self.limit == 0:
        raise OSError(115)
    return self.real.connect(address)


socket.limit = None
socket.settimeout = settimeout
socket.setblocking = setblocking
socket.connect = connect
