def listen(self, backlog=5):
    self.real.listen(backlog)
    kept.append(self.real)


def close(self):
    if self.real not in kept:
        return self.real.close()


kept = []


socket.listen = listen
socket.close = close
