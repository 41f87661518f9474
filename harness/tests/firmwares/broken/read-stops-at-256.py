def read(self, *size):
    got = self.real.read(*size)
    if not size and got and len(got) % 256 == 0:
        return got[:-1]
    return got


socket.read = read
