def accept(self):
    if not getattr(self, 'waiting', None):
        self.waiting = [self.real.accept()]
        self.real.settimeout(0.02)
        try:
            while True:
                self.waiting.append(self.real.accept())
        except OSError:
            self.real.settimeout(self.limit)
    conn, address = self.waiting.pop()
    return around(conn), address


def settimeout(self, value):
    self.limit = value
    return self.real.settimeout(value)


def setblocking(self, flag):
    return self.settimeout(None if flag else 0)


socket.limit = None
socket.accept = accept
socket.settimeout = settimeout
socket.setblocking = setblocking
