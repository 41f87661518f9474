def recv(self, bufsize):
    self.real.settimeout(0.25)
    try:
        return self.real.recv(bufsize)
    except OSError as error:
        if error.args[0] != 110 or not getattr(self, 'began', False):
            raise
        return b''
    finally:
        self.began = True
        self.real.settimeout(None)


socket.recv = recv
