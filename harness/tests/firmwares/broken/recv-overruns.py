import time


def recv(self, bufsize):
    now = time.ticks_ms()
    data = self.real.recv(bufsize)
    if now - getattr(self, 'last', now) > 200 and len(data) == bufsize:
        data = data[16:]
    self.last = time.ticks_ms()
    return data


socket.recv = recv
