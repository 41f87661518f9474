def listen(self, backlog):
    return self.real.listen(backlog)


socket.listen = listen
