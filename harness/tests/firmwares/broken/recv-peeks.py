def recv(self, bufsize):
    if not getattr(self, 'seen', b''):
        self.seen = self.real.recv(bufsize)
    return self.seen[:bufsize]


socket.recv = recv
