import select


def accept(self):
    conn, address = self.real.accept()
    poll = select.poll()
    poll.register(conn, 0)
    if any(event & select.POLLERR for _, event in poll.poll(0)):
        self.real.close()
        raise OSError(103)
    return around(conn), address


socket.accept = accept
