below_it = socket.connect


def connect(self, address):
    if self.limit and isinstance(address, list):
        raise TypeError('tuple expected')
    return below_it(self, address)


socket.connect = connect
