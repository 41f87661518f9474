def recv(self, bufsize):
    data = self.real.recv(bufsize)
    self.has_ended = data == b''
    return data


def settimeout(self, value):
    self.limit = value
    return self.real.settimeout(value)


def setblocking(self, flag):
    self.limit = None if flag else 0
    return self.real.setblocking(flag)


def sending(method):
    def call(self, data):
        if self.has_ended and self.limit is not None:
            raise OSError(107)
        return method(self, data)

    return call


socket.has_ended = False
socket.limit = None
socket.recv = recv
socket.settimeout = settimeout
socket.setblocking = setblocking
for name in ('send', 'sendall', 'write'):
    setattr(socket, name, sending(getattr(socket, name)))
