def recvfrom(self, bufsize):
    data, address = self.real.recvfrom(bufsize)
    data, self.last = data + getattr(self, 'last', b'')[len(data):], data
    return data[:bufsize], address


socket.recvfrom = recvfrom
