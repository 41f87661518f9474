def recv(self, bufsize):
    try:
        data = self.real.recv(bufsize)
    except OSError as error:
        if error.args[0] != 104 or not getattr(self, 'began', False):
            raise
        return b''
    self.began = True
    return data


socket.recv = recv
