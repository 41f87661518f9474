kept = []


def accept(self):
    try:
        conn, address = self.real.accept()
    except OSError:
        if len(kept) < 9:
            kept.append(below.socket())
        raise
    return around(conn), address


socket.accept = accept
