def connect(self, address):
    self.real.connect(address)
    self.connected = True


def sendto(self, data, address):
    if not hasattr(self, 'connected'):
        raise OSError(107)
    return self.real.sendto(data, address)


socket.connect = connect
socket.sendto = sendto
