def settimeout(self, value):
    self.limit = value
    return self.real.settimeout(value)


def sendall(self, data):
    self.real.settimeout(None)
    try:
        return self.real.sendall(data)
    finally:
        self.real.settimeout(getattr(self, 'limit', None))


socket.settimeout = settimeout
socket.sendall = sendall
