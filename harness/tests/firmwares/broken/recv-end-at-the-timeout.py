def settimeout(self, value):
    self.limit = value
    return self.real.settimeout(value)


def setblocking(self, flag):
    return self.settimeout(None if flag else 0)


def late(method):
    def call(self, *arguments):
        import time

        result = method(self, *arguments)
        if self.limit and not result:
            time.sleep(self.limit)
            raise OSError(110)
        return result

    return call


socket.limit = None
socket.settimeout = settimeout
socket.setblocking = setblocking
for name in ('recv', 'read', 'readinto', 'readline'):
    setattr(socket, name, late(getattr(socket, name)))
