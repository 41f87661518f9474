def settimeout(self, value):
    self.limit = value
    return self.real.settimeout(value)


def setblocking(self, flag):
    return self.settimeout(None if flag else 0)


def send(self, data):
    try:
        return self.real.send(data)
    except OSError as error:
        if self.limit == 0 and error.args[0] != 11:
            return len(data)
        raise


socket.limit = None
socket.settimeout = settimeout
socket.setblocking = setblocking
socket.send = send
