def readline(self, *size):
    line = b''
    while b'\n' not in line:
        more = self.real.recv(1024)
        line += more
        if not more:
            return line
    return line[:line.find(b'\n') + 1]


socket.readline = readline
