def settimeout(self, value):
    if value is not None:
        return self.real.settimeout(value)


socket.settimeout = settimeout
