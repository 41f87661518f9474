shared = []


def recv(self, bufsize):
    if not shared:
        shared.append(self.real.recv(4096))
    data = shared.pop()
    if data[bufsize:]:
        shared.append(data[bufsize:])
    return data[:bufsize]


socket.recv = recv
