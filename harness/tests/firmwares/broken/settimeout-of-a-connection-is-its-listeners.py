def accept(self):
    conn, address = self.real.accept()
    made = around(conn)
    made.listener = self.real
    return made, address


def settimeout(self, value):
    if self.listener is not None:
        self.listener.settimeout(value)
    return self.real.settimeout(value)


socket.listener = None
socket.accept = accept
socket.settimeout = settimeout
