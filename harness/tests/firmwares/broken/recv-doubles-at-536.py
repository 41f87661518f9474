def recv(self, bufsize):
    got = self.real.recv(bufsize)
    return got[:-1] + got[-2:-1] if len(got) == 536 else got


socket.recv = recv
