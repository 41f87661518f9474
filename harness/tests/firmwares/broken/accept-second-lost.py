def accept(self):
    conn, address = self.real.accept()
    self.count = getattr(self, 'count', 0) + 1
    if self.count % 2 == 0:
        conn.close()
        conn, address = self.real.accept()
    return around(conn), address


socket.accept = accept
