import time


def recv(self, bufsize):
    kept = getattr(self, 'again', b'')
    if kept:
        self.again = kept[bufsize:]
        return kept[:bufsize]
    start = time.ticks_ms()
    data = self.real.recv(bufsize)
    if time.ticks_ms() - start > 500:
        self.again = data
    return data


socket.recv = recv
