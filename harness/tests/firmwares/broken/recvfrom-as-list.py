def recvfrom(self, bufsize):
    return list(self.real.recvfrom(bufsize))


socket.recvfrom = recvfrom
