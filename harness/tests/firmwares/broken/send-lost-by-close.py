def made(self, af=2, type=1, proto=0):
    self.real = below.socket(af, type, proto)
    self.stream = type == 1


def send(self, data):
    if not getattr(self, 'stream', True):
        return self.real.send(data)
    data = getattr(self, 'late', b'') + (data.encode() if isinstance(data, str) else bytes(data))
    end = data.rfind(b'\n') + 1
    if end:
        self.real.sendall(data[:end])
    self.late = data[end:]
    return len(data)


socket.__init__ = made


socket.made = made
socket.send = send
