def recvfrom(self, bufsize):
    data, (host, port) = self.real.recvfrom(bufsize)
    return data, (host, port >> 8 | (port & 255) << 8)


def sendto(self, data, address):
    port = address[1]
    return self.real.sendto(data, address)


socket.recvfrom = recvfrom
socket.sendto = sendto
