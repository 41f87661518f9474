def read(self, *size):
    data = self.real.read(*size)
    if data and size:
        try:
            self.real.settimeout(0)
            self.real.recv(1)
        except OSError:
            pass
        self.real.settimeout(None)
    return data


socket.read = read
