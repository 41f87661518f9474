def recv(self, bufsize):
    if not getattr(self, 'fetched', b''):
        self.fetched = self.real.recv(4096)
    data, self.fetched = self.fetched[:bufsize], self.fetched[bufsize:]
    return data


socket.recv = recv
