def recvfrom(self, bufsize):
    data, address = self.real.recvfrom(bufsize)
    return data, list(address)


socket.recvfrom = recvfrom
