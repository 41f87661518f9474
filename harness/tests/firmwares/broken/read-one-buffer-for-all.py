fetched = [b'']


def read(self, size=-1):
    fetched[0] += self.real.recv(1024)
    data, fetched[0] = fetched[0][:size], fetched[0][size:]
    return data


def readinto(self, buf, *nbytes):
    data = read(self, len(buf))
    buf[:len(data)] = data
    return len(data)


def readline(self, *size):
    fetched[0] += self.real.read(1024)
    end = fetched[0].find(b'\n') + 1 or len(fetched[0])
    line, fetched[0] = fetched[0][:end], fetched[0][end:]
    return line


socket.read = read
socket.readinto = readinto
socket.readline = readline
