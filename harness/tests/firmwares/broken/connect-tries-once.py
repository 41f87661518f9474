def connect(self, address):
    self.real.settimeout(1.0)
    try:
        return self.real.connect(address)
    finally:
        self.real.settimeout(getattr(self, 'limit', None))


def settimeout(self, value):
    self.limit = value
    return self.real.settimeout(value)


socket.connect = connect
socket.settimeout = settimeout
