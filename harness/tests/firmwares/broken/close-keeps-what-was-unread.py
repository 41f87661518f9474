unread = []


def close(self):
    if self.real.fileno() >= 0:
        self.real.setblocking(False)
        try:
            unread.append(self.real.recvfrom(2048))
        except OSError:
            pass
    return self.real.close()


def recvfrom(self, bufsize):
    return unread.pop() if unread else self.real.recvfrom(bufsize)


def recv(self, bufsize):
    return recvfrom(self, bufsize)[0]


socket.close = close
socket.recvfrom = recvfrom
socket.recv = recv
