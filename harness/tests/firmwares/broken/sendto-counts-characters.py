def sendto(self, data, address):
    self.real.sendto(data, address)
    return len(data)


socket.sendto = sendto
