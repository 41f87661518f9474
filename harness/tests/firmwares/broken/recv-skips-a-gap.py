import time


def recv(self, bufsize):
    start = time.ticks_ms()
    data = self.real.recv(bufsize)
    if time.ticks_ms() - start > 500 and len(data) > 1:
        data = data[len(data) // 2:]
    return data


socket.recv = recv
