def listen(self, backlog=5):
    self.real.settimeout(None)
    return self.real.listen(backlog)


socket.listen = listen
