def setblocking(self, flag):
    self.blocking = flag
    return self.real.setblocking(flag)


def accept(self):
    conn, address = self.real.accept()
    conn.setblocking(getattr(self, 'blocking', True))
    return around(conn), address


socket.setblocking = setblocking
socket.accept = accept
