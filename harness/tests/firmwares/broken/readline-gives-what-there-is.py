def readline(self, *size):
    line = b''
    while b'\n' not in line:
        more = self.real.recv(1024)
        line += more
        if not more:
            break
    return line


socket.readline = readline
