def sendto(self, data, address):
    if not hasattr(self, 'first'):
        self.first = address
    return self.real.sendto(data, self.first)


socket.sendto = sendto
