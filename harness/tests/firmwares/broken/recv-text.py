def recv(self, bufsize):
    return ''.join([chr(byte) for byte in self.real.recv(bufsize)])


socket.recv = recv
