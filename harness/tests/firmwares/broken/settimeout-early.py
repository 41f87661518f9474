def settimeout(self, value):
    return self.real.settimeout(value * 2 / 3 if value else value)


socket.settimeout = settimeout
