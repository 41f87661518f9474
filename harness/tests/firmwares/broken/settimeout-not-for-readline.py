def settimeout(self, value):
    self.limit = value
    return self.real.settimeout(value)


def readline(self, *size):
    self.real.settimeout(None)
    try:
        return self.real.readline(*size)
    finally:
        self.real.settimeout(getattr(self, 'limit', None))


socket.settimeout = settimeout
socket.readline = readline
