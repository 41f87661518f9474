def readline(self, *size):
    line = self.real.recv(1)
    self.real.settimeout(0)
    try:
        while line[-1:] not in (b'\n', b''):
            byte = self.real.recv(1)
            line += byte
            if not byte:
                break
    except OSError:
        pass
    self.real.settimeout(None)
    return line


socket.readline = readline
