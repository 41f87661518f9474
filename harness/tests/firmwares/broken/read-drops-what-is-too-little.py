def settimeout(self, value):
    self.limit = value
    return self.real.settimeout(value)


def setblocking(self, flag):
    return self.settimeout(None if flag else 0)


def read(self, size=-1):
    data = self.real.read(size)
    return None if self.limit == 0 and data and len(data) < size else data


def readinto(self, buf, *nbytes):
    count = self.real.readinto(buf, *nbytes)
    return None if self.limit == 0 and count and count < len(buf) else count


def readline(self, *size):
    line = self.real.readline(*size)
    return None if self.limit == 0 and line and line[-1:] != b'\n' else line


socket.limit = None
socket.settimeout = settimeout
socket.setblocking = setblocking
socket.read = read
socket.readinto = readinto
socket.readline = readline
