# A call of send or write takes no more than 16 bytes of a stream, and a call of recv or readinto gives
# no more than 3.
def made(self, af=2, type=1, proto=0):
    self.real = below.socket(af, type, proto)
    self.is_stream = type == 1


def around(conn):
    made = socket.__new__(socket)
    made.real = conn
    made.is_stream = True
    return made


def bytes_of(data):
    if isinstance(data, str):
        data = data.encode()
    if not isinstance(data, (bytes, bytearray, memoryview)):
        raise TypeError('bytes or text expected')
    return data


def send(self, data):
    data = bytes_of(data)
    return self.real.send(data[:16] if self.is_stream else data)


def write(self, data):
    return self.real.write(bytes_of(data)[:16])


def recv(self, bufsize):
    if not isinstance(bufsize, int):
        raise TypeError('int expected')
    return self.real.recv(min(bufsize, 3) if self.is_stream else bufsize)


def readinto(self, buf, *nbytes):
    return self.real.readinto(buf, min([3, len(buf)] + list(nbytes)))


socket.__init__ = made
socket.send = send
socket.write = write
socket.recv = recv
socket.readinto = readinto
