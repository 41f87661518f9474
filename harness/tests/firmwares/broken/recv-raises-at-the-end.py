def recv(self, bufsize):
    data = self.real.recv(bufsize)
    if bufsize and not data:
        raise OSError(107)
    return data


socket.recv = recv
