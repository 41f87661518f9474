def readline(self, *size):
    line = self.real.readline(*size)
    if not line:
        raise EOFError
    return line


socket.readline = readline
