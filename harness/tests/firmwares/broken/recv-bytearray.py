def recv(self, bufsize):
    return bytearray(self.real.recv(bufsize))


socket.recv = recv
