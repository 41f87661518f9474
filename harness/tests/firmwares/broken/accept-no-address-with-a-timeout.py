below_it = socket.accept


def accept(self):
    conn, address = below_it(self)
    return conn, ('0.0.0.0', 0) if self.limit else address


socket.accept = accept
