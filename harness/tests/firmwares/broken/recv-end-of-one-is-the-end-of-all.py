ends = []


def recv(self, bufsize):
    if ends:
        return b''
    try:
        data = self.real.recv(bufsize)
    except OSError as error:
        if error.args[0] == 104:
            ends.append(self)
        raise
    if not data:
        ends.append(self)
    return data


socket.recv = recv
