def settimeout(self, value):
    self.limit = value
    return self.real.settimeout(value)


def accept(self):
    conn, address = self.real.accept()
    conn.settimeout(getattr(self, 'limit', None))
    return around(conn), address


socket.settimeout = settimeout
socket.accept = accept
