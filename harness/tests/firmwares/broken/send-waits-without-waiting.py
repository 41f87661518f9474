def settimeout(self, value):
    self.limit = value
    return self.real.settimeout(value)


def setblocking(self, flag):
    return self.settimeout(None if flag else 0)


def send(self, data):
    if self.limit == 0:
        self.real.settimeout(10)
    try:
        return self.real.send(data)
    except OSError as error:
        raise OSError(11) if self.limit == 0 and error.args[0] == 110 else error
    finally:
        self.real.settimeout(self.limit)


def sendall(self, data):
    while data:
        data = data[self.send(data):]


def write(self, data):
    self.sendall(data)
    return len(data)


socket.limit = None
socket.settimeout = settimeout
socket.setblocking = setblocking
socket.send = send
socket.sendall = sendall
socket.write = write
