def accept(self):
    conn, address = self.real.accept()
    self.real.settimeout(None)
    return around(conn), address


socket.accept = accept
