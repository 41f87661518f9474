def accept(self):
    conn, address = self.real.accept()
    self.real.settimeout(0)
    try:
        while True:
            self.real.accept()[0].close()
    except OSError:
        self.real.settimeout(getattr(self, 'limit', None))
    return around(conn), address


def settimeout(self, value):
    self.limit = value
    return self.real.settimeout(value)


socket.accept = accept
socket.settimeout = settimeout
