def recvfrom(self, bufsize):
    try:
        data, address = self.real.recvfrom(bufsize)
    except OSError:
        self.late = True
        raise
    if getattr(self, 'late', False) and data:
        self.late = False
        data = bytes([data[0] ^ 1]) + data[1:]
    return data, address


socket.recvfrom = recvfrom
