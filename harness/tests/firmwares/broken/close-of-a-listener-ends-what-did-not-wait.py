accepting = socket.accept
closing = socket.close


def accept(self):
    conn, address = accepting(self)
    self.given = getattr(self, 'given', []) + [conn]
    return conn, address


def close(self):
    if self.limit == 0:
        for conn in getattr(self, 'given', []):
            conn.close()
    return closing(self)


socket.accept = accept
socket.close = close
