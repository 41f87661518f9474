def sending(method):
    def call(self, *arguments):
        result = method(self, *arguments)
        if self.is_hasty:
            self.real.setblocking(True)
        return result

    return call


def settimeout(self, value):
    self.is_hasty = value == 0
    return self.real.settimeout(value)


def setblocking(self, flag):
    self.is_hasty = not flag
    return self.real.setblocking(flag)


socket.is_hasty = False
socket.settimeout = settimeout
socket.setblocking = setblocking
for name in ('send', 'sendall', 'write'):
    setattr(socket, name, sending(getattr(socket, name)))
