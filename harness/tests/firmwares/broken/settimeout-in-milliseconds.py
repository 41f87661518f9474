def settimeout(self, value):
    return self.real.settimeout(value / 1000 if value else value)


socket.settimeout = settimeout
