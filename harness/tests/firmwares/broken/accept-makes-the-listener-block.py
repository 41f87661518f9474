def accept(self):
    conn, address = self.real.accept()
    self.real.setblocking(True)
    return around(conn), address


socket.accept = accept
