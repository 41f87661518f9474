def accept(self):
    conn, (host, port) = self.real.accept()
    packed = bytes([2, 0, port >> 8, port & 255] + [int(part) for part in host.split('.')])
    return around(conn), packed


socket.accept = accept
