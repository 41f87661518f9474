def readline(self, *size):
    return self.real.readline(*size) or None


socket.readline = readline
