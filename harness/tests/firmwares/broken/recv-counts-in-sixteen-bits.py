def recv(self, bufsize):
    if isinstance(bufsize, int) and bufsize > 0 and bufsize & 65535 == 0:
        return b''
    return self.real.recv(bufsize)


socket.recv = recv
