def accept(self):
    conn, address = self.real.accept()
    return around(conn), list(address)


socket.accept = accept
