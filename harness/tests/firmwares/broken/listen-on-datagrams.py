def listen(self, backlog=5):
    try:
        return self.real.listen(backlog)
    except OSError as error:
        if error.args[0] != 95:
            raise


socket.listen = listen
