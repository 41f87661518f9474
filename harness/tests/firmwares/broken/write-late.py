def write(self, data, *part):
    data = data.encode() if isinstance(data, str) else bytes(data)
    self.kept = getattr(self, 'kept', b'') + data
    return len(data)


def close(self):
    if getattr(self, 'kept', b''):
        try:
            self.real.sendall(self.kept)
        except OSError:
            pass
    return self.real.close()


socket.write = write
socket.close = close
