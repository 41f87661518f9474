def settimeout(self, value):
    self.real.settimeout(value)
    return value


socket.settimeout = settimeout
