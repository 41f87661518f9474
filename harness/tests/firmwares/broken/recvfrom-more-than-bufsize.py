def recvfrom(self, bufsize):
    return self.real.recvfrom(65535)


socket.recvfrom = recvfrom
