def write(self, data, *part):
    count = self.real.write(data, *part)
    return len(data) if isinstance(data, str) else count


socket.write = write
