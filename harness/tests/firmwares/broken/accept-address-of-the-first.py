def accept(self):
    conn, address = self.real.accept()
    if not hasattr(self, 'first'):
        self.first = address
    return around(conn), self.first


socket.accept = accept
