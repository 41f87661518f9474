def recvfrom(self, bufsize):
    data, address = self.real.recvfrom(bufsize)
    return bytearray(data), address


socket.recvfrom = recvfrom
