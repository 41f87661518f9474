listening = []


def listen(self, backlog=5):
    self.real.listen(backlog)
    listening.append(self.real)


def close(self):
    if self.real in listening:
        while listening:
            listening.pop().close()
    return self.real.close()


socket.listen = listen
socket.close = close
