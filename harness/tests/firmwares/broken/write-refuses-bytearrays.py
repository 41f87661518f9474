def write(self, data, *part):
    if isinstance(data, bytearray):
        raise TypeError('bytes expected')
    return self.real.write(data, *part)


socket.write = write
