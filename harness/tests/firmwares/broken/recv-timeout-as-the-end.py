def recv(self, bufsize):
    try:
        return self.real.recv(bufsize)
    except OSError as error:
        if error.args[0] != 110:
            raise
        return b''


socket.recv = recv
