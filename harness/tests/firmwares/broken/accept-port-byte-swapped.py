def accept(self):
    conn, (host, port) = self.real.accept()
    return around(conn), (host, port >> 8 | (port & 255) << 8)


socket.accept = accept
