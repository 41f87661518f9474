def recv(self, bufsize):
    try:
        data = self.real.recv(bufsize)
        if getattr(self, 'late', False):
            self.late = False
            data = data[1:] or self.real.recv(bufsize)
        return data
    except OSError as error:
        self.late = error.args[0] == 110
        raise


socket.recv = recv
