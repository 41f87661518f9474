def settimeout(self, value):
    return self.real.settimeout(max(4, value) if value else value)


socket.settimeout = settimeout
