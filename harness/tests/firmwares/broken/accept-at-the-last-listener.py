listening = []


def listen(self, backlog=5):
    self.real.listen(backlog)
    listening.append(self.real)


def accept(self):
    conn, address = (listening[-1] if listening else self.real).accept()
    return around(conn), address


socket.listen = listen
socket.accept = accept
