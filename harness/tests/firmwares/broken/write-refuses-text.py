def write(self, data, *part):
    if isinstance(data, str):
        raise TypeError('bytes expected')
    return self.real.write(data, *part)


socket.write = write
