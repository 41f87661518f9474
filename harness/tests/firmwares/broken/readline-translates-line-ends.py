def readline(self, *size):
    return self.real.readline(*size).replace(b'\r\n', b'\n')


socket.readline = readline
