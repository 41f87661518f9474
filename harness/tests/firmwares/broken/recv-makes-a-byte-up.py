def recv(self, bufsize):
    return self.real.recv(bufsize) + b'x'


socket.recv = recv
