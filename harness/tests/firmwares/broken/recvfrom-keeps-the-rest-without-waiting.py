below_it = socket.recvfrom


def recvfrom(self, bufsize):
    if self.limit != 0:
        return below_it(self, bufsize)
    rest = getattr(self, 'rest', b'')
    data, address = (rest, None) if rest else below_it(self, 4096)
    self.rest = data[bufsize:]
    return data[:bufsize], address


socket.recvfrom = recvfrom
