def setblocking(self, flag):
    pass


socket.setblocking = setblocking
