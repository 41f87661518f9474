def recv(self, bufsize):
    return self.real.recv(bufsize).rstrip()


socket.recv = recv
