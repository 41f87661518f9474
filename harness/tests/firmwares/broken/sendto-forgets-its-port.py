def sendto(self, data, address):
    count = self.real.sendto(data, address)
    self.real.close()
    self.real = below.socket(2, 2)
    self.real.bind(('0.0.0.0', 0))
    return count


socket.sendto = sendto
