def settimeout(self, value):
    self.limit = value
    return self.real.settimeout(value)


def setblocking(self, flag):
    return self.settimeout(None if flag else 0)


def hurried(method):
    def call(self, *arguments):
        if self.limit:
            self.real.setblocking(False)
        try:
            result = method(self, *arguments)
        finally:
            self.real.settimeout(self.limit)
        if result is None:
            raise OSError(110)
        return result

    return call


socket.limit = None
socket.settimeout = settimeout
socket.setblocking = setblocking
for name in ('read', 'readinto', 'readline'):
    setattr(socket, name, hurried(getattr(socket, name)))
