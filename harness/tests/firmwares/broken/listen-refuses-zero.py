def listen(self, backlog=5):
    if backlog < 1:
        raise ValueError('backlog')
    return self.real.listen(backlog)


socket.listen = listen
