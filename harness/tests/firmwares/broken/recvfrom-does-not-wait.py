def recvfrom(self, bufsize):
    self.real.settimeout(0)
    return self.real.recvfrom(bufsize)


socket.recvfrom = recvfrom
