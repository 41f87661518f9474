def connect(self, address):
    if isinstance(address, tuple):
        raise TypeError('list expected')
    return self.real.connect(address)


socket.connect = connect
