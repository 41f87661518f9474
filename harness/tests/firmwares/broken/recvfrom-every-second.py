def recvfrom(self, bufsize):
    if getattr(self, 'odd', False):
        self.real.recvfrom(bufsize)
    self.odd = True
    return self.real.recvfrom(bufsize)


socket.recvfrom = recvfrom
