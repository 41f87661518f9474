def accept(self):
    conn, address = self.real.accept()
    made = around(conn)
    made.hungry = True
    return made, address


def recv(self, bufsize):
    if getattr(self, 'hungry', False):
        self.hungry = False
        self.real.recv(1)
    return self.real.recv(bufsize)


socket.accept = accept
socket.recv = recv
