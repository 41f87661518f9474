def settimeout(self, value):
    self.limit = value
    return self.real.settimeout(value)


def setblocking(self, flag):
    return self.settimeout(None if flag else 0)


def connect(self, address):
    self.is_under_way = self.limit == 0
    return self.real.connect(address)


def send(self, data):
    try:
        count = self.real.send(data)
    except OSError as error:
        if self.is_under_way and error.args[0] in (11, 107, 115):
            return len(data)
        raise
    self.is_under_way = False
    return count


socket.limit = None
socket.settimeout = settimeout
socket.setblocking = setblocking
socket.is_under_way = False
socket.connect = connect
socket.send = send
