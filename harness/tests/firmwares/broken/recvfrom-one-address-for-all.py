below_it = socket.recvfrom


def recvfrom(self, bufsize):
    data, address = below_it(self, bufsize)
    if self.limit:
        self.first = getattr(self, 'first', address)
        address = self.first
    return data, address


socket.recvfrom = recvfrom
