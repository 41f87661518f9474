def settimeout(self, value):
    if isinstance(value, float):
        raise TypeError('int expected')
    return self.real.settimeout(value)


socket.settimeout = settimeout
