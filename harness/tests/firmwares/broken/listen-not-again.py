def listen(self, backlog=5):
    if getattr(self, 'listens', False):
        raise OSError(22)
    self.real.listen(backlog)
    self.listens = True


socket.listen = listen
