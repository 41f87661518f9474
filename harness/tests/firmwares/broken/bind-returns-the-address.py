def bind(self, address):
    self.real.bind(address)
    return address


socket.bind = bind
