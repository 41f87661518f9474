def settimeout(self, value):
    if isinstance(value, int):
        raise TypeError('float expected')
    return self.real.settimeout(value)


socket.settimeout = settimeout
