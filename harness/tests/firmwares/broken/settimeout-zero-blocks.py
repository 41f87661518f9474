def settimeout(self, value):
    return self.real.settimeout(value or None)


socket.settimeout = settimeout
