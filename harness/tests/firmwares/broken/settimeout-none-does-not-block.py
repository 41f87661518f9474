def settimeout(self, value):
    return self.real.settimeout(value or 0)


socket.settimeout = settimeout
