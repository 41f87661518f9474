def recv(self, bufsize):
    if not bufsize:
        self.ended = True
    return b'' if getattr(self, 'ended', False) else self.real.recv(bufsize)


socket.recv = recv
