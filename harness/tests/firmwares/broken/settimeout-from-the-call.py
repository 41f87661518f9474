import time


def settimeout(self, value):
    self.end = time.ticks_ms() + int(value * 1000) if value else None
    return self.real.settimeout(value)


def recv(self, bufsize):
    if getattr(self, 'end', None) is not None:
        self.real.settimeout(max(0.01, (self.end - time.ticks_ms()) / 1000))
    return self.real.recv(bufsize)


socket.settimeout = settimeout
socket.recv = recv
