def setblocking(self, flag):
    self.flag = flag
    return self.real.setblocking(flag)


def accept(self):
    self.real.setblocking(True)
    try:
        conn, address = self.real.accept()
        return around(conn), address
    finally:
        self.real.setblocking(getattr(self, 'flag', True))


socket.setblocking = setblocking
socket.accept = accept
