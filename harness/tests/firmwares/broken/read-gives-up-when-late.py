def read(self, size=-1):
    data = b''
    self.real.settimeout(0.5)
    while size < 0 or len(data) < size:
        try:
            more = self.real.recv(1024 if size < 0 else size - len(data))
        except OSError as error:
            if error.args[0] != 110:
                raise
            if data:
                break
            continue
        data += more
        if not more:
            break
    self.real.settimeout(None)
    return data


socket.read = read
