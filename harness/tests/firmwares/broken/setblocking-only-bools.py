def setblocking(self, flag):
    if not isinstance(flag, bool):
        raise TypeError('bool expected')
    return self.real.setblocking(flag)


socket.setblocking = setblocking
