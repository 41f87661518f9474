def accept(self):
    if not getattr(self, 'waiting', None):
        self.waiting = [self.real.accept()]
        self.real.settimeout(0.02)
        try:
            while True:
                self.waiting.append(self.real.accept())
        except OSError:
            self.real.settimeout(None)
    conn, address = self.waiting.pop()
    return around(conn), address


socket.accept = accept
