def settimeout(self, value):
    self.limit = value
    return self.real.settimeout(value)


def setblocking(self, flag):
    return self.settimeout(None if flag else 0)


def patient(method):
    def call(self, *arguments):
        if self.limit == 0:
            self.real.settimeout(0.1)
        try:
            return method(self, *arguments)
        except OSError as error:
            raise OSError(11) if self.limit == 0 and error.args[0] == 110 else error
        finally:
            self.real.settimeout(self.limit)

    return call


socket.limit = None
socket.settimeout = settimeout
socket.setblocking = setblocking
for name in ('recv', 'recvfrom', 'accept'):
    setattr(socket, name, patient(getattr(socket, name)))
