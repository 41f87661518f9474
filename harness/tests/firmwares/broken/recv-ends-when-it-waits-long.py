def recv(self, bufsize):
    if getattr(self, 'limited', False):
        return self.real.recv(bufsize)
    self.real.settimeout(5)
    try:
        return self.real.recv(bufsize)
    except OSError as error:
        if error.args[0] != 110:
            raise
        return b''
    finally:
        self.real.settimeout(None)


def settimeout(self, value):
    self.limited = value is not None
    return self.real.settimeout(value)


def setblocking(self, flag):
    return self.settimeout(None if flag else 0)


socket.recv = recv
socket.settimeout = settimeout
socket.setblocking = setblocking
