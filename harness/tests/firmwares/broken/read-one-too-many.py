def read(self, *size):
    return self.real.read(size[0] + 1) if size and size[0] and size[0] > 0 else self.real.read(*size)


socket.read = read
