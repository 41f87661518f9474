import time


def listen(self, backlog=5):
    self.since = time.ticks_ms()
    return self.real.listen(backlog)


def accept(self):
    waited = time.ticks_ms() - self.since > 2000
    self.since = time.ticks_ms()
    conn, address = self.real.accept()
    if waited:
        conn.close()
        conn, address = self.real.accept()
    return around(conn), address


socket.listen = listen
socket.accept = accept
