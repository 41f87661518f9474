def recvfrom(self, bufsize):
    data, self.last = self.real.recvfrom(bufsize)
    return data, self.last


def sendto(self, data, address):
    return self.real.sendto(data, getattr(self, 'last', address))


socket.recvfrom = recvfrom
socket.sendto = sendto
