def settimeout(self, value):
    self.limit = value
    return self.real.settimeout(value)


def setblocking(self, flag):
    return self.settimeout(None if flag else 0)


def recv(self, bufsize):
    if self.limit != 0:
        return self.real.recv(bufsize)
    try:
        data = self.real.recv(bufsize)
    except OSError as error:
        self.is_broken = self.is_broken or error.args[0] != 11
        raise OSError(11)
    if self.is_broken:
        raise OSError(11)
    return data


socket.limit = None
socket.settimeout = settimeout
socket.setblocking = setblocking
socket.is_broken = False
socket.recv = recv
