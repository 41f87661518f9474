def write(self, data, *part):
    if isinstance(data, str):
        return self.real.write(data, *part)
    self.real.write(bytes(data).replace(b'\n', b'\r\n'), *part)
    return len(data)


socket.write = write
