def connect(self, address):
    if isinstance(address, list):
        raise TypeError('tuple expected')
    return self.real.connect(address)


socket.connect = connect
