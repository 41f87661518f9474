def read(self, *size):
    return ''.join([chr(byte) for byte in self.real.read(*size)])


socket.read = read
