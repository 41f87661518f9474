def write(self, data, *part):
    count = self.real.write(data, *part)
    self.real.write(b'\n')
    return count


socket.write = write
