def accept(self):
    conn, address = self.real.accept()
    return address, around(conn)


socket.accept = accept
