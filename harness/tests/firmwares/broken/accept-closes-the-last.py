def accept(self):
    conn, address = self.real.accept()
    if hasattr(self, 'last'):
        self.last.close()
    self.last = conn
    return around(conn), address


socket.accept = accept
