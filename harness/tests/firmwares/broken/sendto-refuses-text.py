def sendto(self, data, address):
    if isinstance(data, str):
        raise TypeError('bytes expected')
    return self.real.sendto(data, address)


socket.sendto = sendto
