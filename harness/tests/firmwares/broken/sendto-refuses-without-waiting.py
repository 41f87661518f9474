def settimeout(self, value):
    self.limit = value
    return self.real.settimeout(value)


def setblocking(self, flag):
    return self.settimeout(None if flag else 0)


def refusing(method):
    def call(self, *arguments):
        if self.limit == 0:
            raise OSError(11)
        return method(self, *arguments)

    return call


socket.limit = None
socket.settimeout = settimeout
socket.setblocking = setblocking
for name in ('sendto', 'sendall', 'write'):
    setattr(socket, name, refusing(getattr(socket, name)))
