def recv(self, bufsize):
    return self.real.recv(bufsize).replace(b'\r\n', b'\n')


socket.recv = recv
