def settimeout(self, value):
    self.limit = value
    return self.real.settimeout(value)


def setblocking(self, flag):
    return self.settimeout(None if flag else 0)


def recvfrom(self, bufsize):
    if self.limit == 0:
        self.was_hasty = True
    if self.was_hasty:
        self.real.setblocking(False)
    return self.real.recvfrom(bufsize)


socket.limit = None
socket.settimeout = settimeout
socket.setblocking = setblocking
socket.was_hasty = False
socket.recvfrom = recvfrom
