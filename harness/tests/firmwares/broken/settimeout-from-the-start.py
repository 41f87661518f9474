import time


def made(self, af=2, type=1, proto=0):
    self.real = below.socket(af, type, proto)
    self.start = time.ticks_ms()
    self.limit = None


def settimeout(self, value):
    self.limit = value
    return self.real.settimeout(value)


def recv(self, bufsize):
    if self.limit:
        self.real.settimeout(max(0.01, self.limit - (time.ticks_ms() - self.start) / 1000))
    return self.real.recv(bufsize)


socket.__init__ = made
socket.settimeout = settimeout
socket.recv = recv
