def write(self, data, *part):
    self.real.write(data[:512], *part)
    return len(data)


socket.write = write
