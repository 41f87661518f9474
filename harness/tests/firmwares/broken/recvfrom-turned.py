def recvfrom(self, bufsize):
    return self.real.recvfrom(bufsize)[::-1]


socket.recvfrom = recvfrom
