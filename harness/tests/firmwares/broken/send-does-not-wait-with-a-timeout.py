def settimeout(self, value):
    self.limit = value
    return self.real.settimeout(value)


def setblocking(self, flag):
    return self.settimeout(None if flag else 0)


def send(self, data):
    if self.limit:
        self.real.setblocking(False)
    try:
        return self.real.send(data)
    except OSError as error:
        raise OSError(110) if self.limit and error.args[0] == 11 else error
    finally:
        self.real.settimeout(self.limit)


def sendall(self, data):
    while data:
        data = data[self.send(data):]


socket.limit = None
socket.settimeout = settimeout
socket.setblocking = setblocking
socket.send = send
socket.sendall = sendall
