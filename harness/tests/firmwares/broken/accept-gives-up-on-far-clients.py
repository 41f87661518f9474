def accept(self):
    if hasattr(self, 'limit'):
        conn, address = self.real.accept()
        return around(conn), address
    self.real.settimeout(0.05)
    try:
        conn, address = self.real.accept()
        return around(conn), address
    finally:
        self.real.settimeout(None)


def settimeout(self, value):
    self.limit = value
    return self.real.settimeout(value)


socket.accept = accept
socket.settimeout = settimeout
