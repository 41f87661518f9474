blocking = socket.setblocking


def setblocking(self, flag):
    self.old = self.limit if flag else None
    return blocking(self, flag)


def reading(method):
    def call(self, *arguments):
        if not self.old:
            return method(self, *arguments)
        self.real.settimeout(self.old)
        try:
            return method(self, *arguments)
        finally:
            self.real.settimeout(None)

    return call


socket.old = None
socket.setblocking = setblocking
for name in ('read', 'readinto', 'readline'):
    setattr(socket, name, reading(getattr(socket, name)))
