def read(self, *size):
    return self.real.read()


socket.read = read
