def bind(self, address):
    self.own = address
    return self.real.bind(address)


def recvfrom(self, bufsize):
    data, address = self.real.recvfrom(bufsize)
    return data, getattr(self, 'own', ('0.0.0.0', 0))


socket.bind = bind
socket.recvfrom = recvfrom
