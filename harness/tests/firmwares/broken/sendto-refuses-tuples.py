def sendto(self, data, address):
    if isinstance(address, tuple):
        raise TypeError('list expected')
    return self.real.sendto(data, address)


socket.sendto = sendto
