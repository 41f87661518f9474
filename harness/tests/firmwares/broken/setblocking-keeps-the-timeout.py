def setblocking(self, flag):
    if not flag:
        return self.real.setblocking(flag)
    if getattr(self, 'limit', None) is None:
        return self.real.setblocking(flag)


def settimeout(self, value):
    self.limit = value
    return self.real.settimeout(value)


socket.setblocking = setblocking
socket.settimeout = settimeout
