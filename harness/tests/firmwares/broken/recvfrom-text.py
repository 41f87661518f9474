def recvfrom(self, bufsize):
    data, address = self.real.recvfrom(bufsize)
    return ''.join([chr(byte) for byte in data]), address


socket.recvfrom = recvfrom
