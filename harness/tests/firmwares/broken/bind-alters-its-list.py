def bind(self, address):
    bound = self.real.bind(tuple(address))
    if isinstance(address, list):
        address.pop()
    return bound


socket.bind = bind
