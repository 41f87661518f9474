def settimeout(self, value):
    return self.real.settimeout(int(value) if value else value)


socket.settimeout = settimeout
