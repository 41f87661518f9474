def accept(self):
    if self.was_silent:
        self.real.settimeout(0)
    try:
        conn, address = self.real.accept()
    except OSError:
        self.was_silent = True
        raise
    return around(conn), address


socket.was_silent = False
socket.accept = accept
