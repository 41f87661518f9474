def accept(self):
    conn, address = self.real.accept()
    self.given = conn
    return around(conn), address


def settimeout(self, value):
    if self.given is not None:
        self.given.settimeout(value)
    return self.real.settimeout(value)


socket.given = None
socket.accept = accept
socket.settimeout = settimeout
