def settimeout(self, value):
    self.limit = value
    return self.real.settimeout(value)


def setblocking(self, flag):
    return self.settimeout(None if flag else 0)


def recv(self, bufsize):
    data = self.real.recv(bufsize)
    if self.limit is None or not data:
        return data
    self.real.setblocking(False)
    try:
        return b'' if self.real.recv(bufsize) == b'' else data
    except OSError:
        return data
    finally:
        self.real.settimeout(self.limit)


socket.limit = None
socket.settimeout = settimeout
socket.setblocking = setblocking
socket.recv = recv
