def recv(self, bufsize):
    return bytes([byte & 127 for byte in self.real.recv(bufsize)])


socket.recv = recv
