def bind(self, address):
    self.real.bind(address)
    self.bound = True


def recvfrom(self, bufsize):
    if not hasattr(self, 'bound'):
        raise OSError(22)
    return self.real.recvfrom(bufsize)


socket.bind = bind
socket.recvfrom = recvfrom
