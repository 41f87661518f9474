def recvfrom(self, bufsize):
    if not getattr(self, 'rest', b''):
        self.rest, self.sender = self.real.recvfrom(65535)
    data, self.rest = self.rest[:bufsize], self.rest[bufsize:]
    return data, self.sender


socket.recvfrom = recvfrom
