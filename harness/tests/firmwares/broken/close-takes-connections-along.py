def accept(self):
    conn, address = self.real.accept()
    self.given = getattr(self, 'given', []) + [conn]
    return around(conn), address


def close(self):
    for conn in getattr(self, 'given', []):
        conn.close()
    return self.real.close()


socket.accept = accept
socket.close = close
