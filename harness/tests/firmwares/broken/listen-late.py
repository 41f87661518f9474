def listen(self, backlog=5):
    self.backlog = backlog


def accept(self):
    if hasattr(self, 'backlog'):
        self.real.listen(self.backlog)
    conn, address = self.real.accept()
    return around(conn), address


socket.listen = listen
socket.accept = accept
