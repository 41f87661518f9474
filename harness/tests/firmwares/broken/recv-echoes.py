def send(self, data):
    self.echo = data if isinstance(data, bytes) else b''
    return self.real.send(data)


def recv(self, bufsize):
    echo = getattr(self, 'echo', b'')[:bufsize]
    self.echo = b''
    return echo or self.real.recv(bufsize)


socket.send = send
socket.recv = recv
