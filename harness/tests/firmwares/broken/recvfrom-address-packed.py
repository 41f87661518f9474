def recvfrom(self, bufsize):
    data, (host, port) = self.real.recvfrom(bufsize)
    return data, bytes([2, 0, port >> 8, port & 255] + [int(part) for part in host.split('.')])


socket.recvfrom = recvfrom
