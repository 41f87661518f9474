def listen(self, backlog=5):
    if backlog > 5:
        raise OSError(22)
    return self.real.listen(backlog)


socket.listen = listen
