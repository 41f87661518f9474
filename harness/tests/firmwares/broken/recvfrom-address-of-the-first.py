def recvfrom(self, bufsize):
    data, address = self.real.recvfrom(bufsize)
    if not hasattr(self, 'first'):
        self.first = address
    return data, self.first


socket.recvfrom = recvfrom
