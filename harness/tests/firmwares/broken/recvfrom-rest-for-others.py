rest = []


def recvfrom(self, bufsize):
    if rest and rest[0][0] is not self:
        _, data, address = rest.pop()
        return data[:bufsize], address
    data, address = self.real.recvfrom(2048)
    rest[:] = [(self, data[bufsize:], address)] if len(data) > bufsize else []
    return data[:bufsize], address


socket.recvfrom = recvfrom
