def sendto(self, data, address):
    return self.real.sendto(data, (address[0], address[1] + 1))


socket.sendto = sendto
