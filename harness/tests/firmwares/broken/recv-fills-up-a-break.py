def recv(self, bufsize):
    try:
        data = self.real.recv(bufsize)
    except OSError as error:
        if error.args[0] != 104 or not getattr(self, 'last', b''):
            raise
        data, self.last = self.last, b''
        return data
    self.last = data
    return data


socket.recv = recv
