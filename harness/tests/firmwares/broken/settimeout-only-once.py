def recv(self, bufsize):
    try:
        return self.real.recv(bufsize)
    finally:
        self.real.settimeout(None)


socket.recv = recv
