def accept(self):
    self.real.settimeout(0)
    conn, address = self.real.accept()
    return around(conn), address


socket.accept = accept
