def setblocking(self, flag):
    return self.real.setblocking(False)


socket.setblocking = setblocking
