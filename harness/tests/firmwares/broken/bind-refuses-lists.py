def bind(self, address):
    if isinstance(address, list):
        raise TypeError('tuple expected')
    return self.real.bind(address)


socket.bind = bind
