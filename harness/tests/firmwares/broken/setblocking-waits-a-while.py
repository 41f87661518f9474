def setblocking(self, flag):
    return self.real.settimeout(None if flag else 3)


socket.setblocking = setblocking
