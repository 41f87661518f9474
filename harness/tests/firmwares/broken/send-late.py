def made(self, af=2, type=1, proto=0):
    self.real = below.socket(af, type, proto)
    self.stream = type == 1


def send(self, data):
    if not getattr(self, 'stream', True):
        return self.real.send(data)
    data = data.encode() if isinstance(data, str) else bytes(data)
    self.flush()
    self.late = data
    return len(data)


def flush(self):
    if getattr(self, 'late', b''):
        self.real.sendall(self.late)
    self.late = b''


def close(self):
    try:
        self.flush()
    except OSError:
        pass
    return self.real.close()


socket.__init__ = made


socket.made = made
socket.send = send
socket.flush = flush
socket.close = close
