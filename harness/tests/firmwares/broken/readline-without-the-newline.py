def readline(self, *size):
    line = self.real.readline(*size)
    return line[:-1] if line[-1:] == b'\n' else line


socket.readline = readline
