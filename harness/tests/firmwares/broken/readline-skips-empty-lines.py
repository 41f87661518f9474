def readline(self, *size):
    line = self.real.readline(*size)
    while line == b'\n':
        line = self.real.readline(*size)
    return line


socket.readline = readline
