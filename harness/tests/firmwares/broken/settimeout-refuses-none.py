def settimeout(self, value):
    return self.real.settimeout(value + 0)


socket.settimeout = settimeout
