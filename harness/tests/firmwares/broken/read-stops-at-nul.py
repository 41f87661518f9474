def read(self, *size):
    return self.real.read(*size).split(b'\0')[0]


socket.read = read
