def sendto(self, data, address):
    self.real.sendto(data, address)


socket.sendto = sendto
