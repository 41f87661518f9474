def recvfrom(self, bufsize):
    try:
        return self.real.recvfrom(bufsize)
    except OSError as error:
        if error.args[0] != 110:
            raise
        return b'', ('0.0.0.0', 0)


socket.recvfrom = recvfrom
