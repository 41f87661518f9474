def bind(self, address):
    self.port = address[1]
    return self.real.bind(address)


def accept(self):
    conn, address = self.real.accept()
    return around(conn), (address[0], self.port)


socket.bind = bind
socket.accept = accept
