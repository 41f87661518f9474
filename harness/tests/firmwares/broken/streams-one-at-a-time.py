there = []


def recv(self, bufsize):
    if self.real not in there:
        there.append(self.real)
    if there[0] is not self.real:
        raise OSError(11)
    return self.real.recv(bufsize)


def close(self):
    if self.real in there:
        there.remove(self.real)
    return self.real.close()


socket.recv = recv
socket.close = close
