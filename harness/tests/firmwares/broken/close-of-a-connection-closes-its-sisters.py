def accept(self):
    conn, address = self.real.accept()
    made = around(conn)
    self.family = getattr(self, 'family', [])
    self.family.append(conn)
    made.family = self.family
    return made, address


def close(self):
    if self.real not in getattr(self, 'family', []):
        return self.real.close()
    for conn in self.family:
        conn.close()


socket.accept = accept
socket.close = close
