import time


def recv(self, bufsize):
    start = time.ticks_ms()
    data = self.real.recv(bufsize)
    if time.ticks_ms() - start > 2000:
        data = self.real.recv(bufsize)
    return data


socket.recv = recv
