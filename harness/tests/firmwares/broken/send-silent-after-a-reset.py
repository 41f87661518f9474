def settimeout(self, value):
    self.limit = value
    return self.real.settimeout(value)


def setblocking(self, flag):
    return self.settimeout(None if flag else 0)


def silent(method):
    def call(self, data):
        try:
            return method(self, data)
        except OSError as error:
            if self.limit is None or error.args[0] not in (32, 104, 107):
                raise
            return len(data)

    return call


socket.limit = None
socket.settimeout = settimeout
socket.setblocking = setblocking
socket.send = silent(socket.send)
socket.sendall = silent(socket.sendall)
