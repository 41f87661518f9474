import time


def readline(self):
    line = b''
    while line[-1:] != b'\n':
        start = time.ticks_ms()
        byte = self.real.recv(1)
        line += byte
        if not byte or time.ticks_ms() - start > 200:
            break
    return line


socket.readline = readline
