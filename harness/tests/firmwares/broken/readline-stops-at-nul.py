def readline(self, *size):
    line = self.real.readline(*size)
    return line.split(b'\0')[0] + b'\n' if b'\0' in line else line


socket.readline = readline
