def readline(self, *size):
    line = b''
    while True:
        byte = self.real.recv(1)
        line += byte
        if byte in (b'\n', b'\r', b''):
            return line


socket.readline = readline
