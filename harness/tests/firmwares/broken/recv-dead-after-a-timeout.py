def recv(self, bufsize):
    if getattr(self, 'dead', False):
        raise OSError(110)
    try:
        return self.real.recv(bufsize)
    except OSError as error:
        self.dead = error.args[0] == 110
        raise


socket.recv = recv
