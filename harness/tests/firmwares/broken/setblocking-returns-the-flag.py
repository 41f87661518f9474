def setblocking(self, flag):
    self.real.setblocking(flag)
    return flag


socket.setblocking = setblocking
