accepted = []


def accept(self):
    conn, address = self.real.accept()
    made = around(conn)
    accepted.append(conn)
    return made, address


def settimeout(self, value):
    for conn in accepted if self.real in accepted else [self.real]:
        conn.settimeout(value)


def setblocking(self, flag):
    settimeout(self, None if flag else 0)


def close(self):
    if self.real in accepted:
        accepted.remove(self.real)
    return self.real.close()


socket.accept = accept
socket.settimeout = settimeout
socket.setblocking = setblocking
socket.close = close
socket.__del__ = close
