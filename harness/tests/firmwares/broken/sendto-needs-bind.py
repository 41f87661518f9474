def bind(self, address):
    self.real.bind(address)
    self.bound = True


def sendto(self, data, address):
    if not hasattr(self, 'bound'):
        raise OSError(22)
    return self.real.sendto(data, address)


socket.bind = bind
socket.sendto = sendto
