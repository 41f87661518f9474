def bind(self, address):
    if isinstance(address, tuple):
        raise TypeError('list expected')
    return self.real.bind(address)


socket.bind = bind
