def settimeout(self, value):
    self.waits = value != 0
    return self.real.settimeout(value)


def setblocking(self, flag):
    self.waits = bool(flag)
    return self.real.setblocking(flag)


def readline(self, *size):
    line = self.real.readline(*size)
    is_cut = self.waits and not size and line[-1:] != b'\n'
    return b'' if is_cut else line


socket.waits = True
socket.settimeout = settimeout
socket.setblocking = setblocking
socket.readline = readline
