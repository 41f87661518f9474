import time


def sendall(self, data):
    data = data.encode() if isinstance(data, str) else bytes(data)
    rest = data
    while rest:
        start = time.ticks_ms()
        count = self.real.send(rest)
        late = time.ticks_ms() - start > 1500
        rest = rest[count:] if not late else data


socket.sendall = sendall
