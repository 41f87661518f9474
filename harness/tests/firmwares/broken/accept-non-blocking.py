def accept(self):
    conn, address = self.real.accept()
    conn.setblocking(False)
    return around(conn), address


socket.accept = accept
