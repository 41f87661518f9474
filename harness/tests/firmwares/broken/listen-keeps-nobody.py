def accept(self):
    self.real.settimeout(0)
    try:
        while True:
            self.real.accept()[0].close()
    except OSError:
        self.real.settimeout(getattr(self, 'limit', None))
    conn, address = self.real.accept()
    return around(conn), address


def settimeout(self, value):
    self.limit = value
    return self.real.settimeout(value)


socket.accept = accept
socket.settimeout = settimeout
