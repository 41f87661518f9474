def settimeout(self, value):
    self.limit = value
    return self.real.settimeout(value)


def setblocking(self, flag):
    return self.settimeout(None if flag else 0)


def read(self, size=-1):
    data = self.real.read(size)
    if self.limit == 0 and data and len(data) < size:
        self.real.setblocking(True)
        data += self.real.read(size - len(data))
        self.real.setblocking(False)
    return data


def readinto(self, buf, *nbytes):
    data = self.read(len(buf))
    if data is None:
        return None
    buf[:len(data)] = data
    return len(data)


def readline(self, *size):
    line = self.real.readline(*size)
    if self.limit == 0 and line and line[-1:] != b'\n':
        self.real.setblocking(True)
        line += self.real.readline()
        self.real.setblocking(False)
    return line


socket.limit = None
socket.settimeout = settimeout
socket.setblocking = setblocking
socket.read = read
socket.readinto = readinto
socket.readline = readline
