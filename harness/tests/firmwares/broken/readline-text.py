def readline(self, *size):
    return ''.join([chr(byte) for byte in self.real.readline(*size)])


socket.readline = readline
