def settimeout(self, value):
    return self.real.settimeout(value * 60 if value else value)


socket.settimeout = settimeout
