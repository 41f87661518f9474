def settimeout(self, value):
    self.limit = value
    return self.real.settimeout(value)


def setblocking(self, flag):
    return self.settimeout(None if flag else 0)


def never_ending(method):
    def call(self, *arguments):
        result = method(self, *arguments)
        return None if self.limit == 0 and not result else result

    return call


socket.limit = None
socket.settimeout = settimeout
socket.setblocking = setblocking
for name in ('read', 'readinto', 'readline'):
    setattr(socket, name, never_ending(getattr(socket, name)))
