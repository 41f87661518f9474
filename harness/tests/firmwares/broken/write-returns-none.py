def write(self, data, *part):
    self.real.write(data, *part)


socket.write = write
