def recvfrom(self, bufsize):
    data, address = self.real.recvfrom(bufsize)
    while len(data) < bufsize:
        more, address = self.real.recvfrom(bufsize - len(data))
        data += more
    return data, address


socket.recvfrom = recvfrom
