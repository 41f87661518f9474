def settimeout(self, value):
    if self.is_stuck:
        return
    self.limit = value
    return self.real.settimeout(value)


def setblocking(self, flag):
    return self.settimeout(None if flag else 0)


def connect(self, address):
    self.is_stuck = self.limit == 0
    return self.real.connect(address)


socket.limit = None
socket.settimeout = settimeout
socket.setblocking = setblocking
socket.is_stuck = False
socket.connect = connect
