opened = []


def made(self, af=2, type=1, proto=0):
    self.real = below.socket(af, type, proto)
    opened.append(self.real)


def accept(self):
    try:
        conn, address = self.real.accept()
    except OSError:
        if opened and opened[0] is not self.real:
            opened.pop(0).close()
        raise
    return around(conn), address


socket.__init__ = made
socket.accept = accept
