def settimeout(self, value):
    self.limit = value
    return self.real.settimeout(value)


def connect(self, address):
    self.real.settimeout(None)
    try:
        return self.real.connect(address)
    finally:
        self.real.settimeout(getattr(self, 'limit', None))


socket.settimeout = settimeout
socket.connect = connect
