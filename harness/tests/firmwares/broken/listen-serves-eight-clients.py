def accept(self):
    self.served = getattr(self, 'served', 0) + 1
    if self.served > 8:
        raise OSError(12)
    conn, address = self.real.accept()
    return around(conn), address


socket.accept = accept
