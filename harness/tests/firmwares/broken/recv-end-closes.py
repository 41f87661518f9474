def recv(self, bufsize):
    data = self.real.recv(bufsize)
    if bufsize and not data:
        self.real.close()
    return data


socket.recv = recv
