def recv(self, bufsize):
    self.real.settimeout(0)
    try:
        return self.real.recv(bufsize)
    except OSError as error:
        if error.args[0] != 11:
            raise
        return b''


socket.recv = recv
