def setblocking(self, flag):
    return self.real.setblocking(not flag)


socket.setblocking = setblocking
