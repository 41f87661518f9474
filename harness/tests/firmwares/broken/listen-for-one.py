def accept(self):
    conn, address = self.real.accept()
    self.real.close()
    return around(conn), address


socket.accept = accept
