def accept(self):
    conn, (host, port) = self.real.accept()
    return around(conn), (host, port - 65536 if port > 32767 else port)


socket.accept = accept
