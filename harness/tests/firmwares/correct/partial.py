# A call of send takes no more than 100 bytes of a stream, a call of recv gives no more than 7.
def made(self, af=2, type=1, proto=0):
    self.real = below.socket(af, type, proto)
    self.is_stream = type == 1


def around(conn):
    made = socket.__new__(socket)
    made.real = conn
    made.is_stream = True
    return made


def send(self, data):
    if isinstance(data, str):
        data = data.encode()
    if not isinstance(data, (bytes, bytearray, memoryview)):
        raise TypeError('bytes or text expected')
    return self.real.send(data[:100] if self.is_stream else data)


def recv(self, bufsize):
    if not isinstance(bufsize, int):
        raise TypeError('int expected')
    return self.real.recv(min(bufsize, 7) if self.is_stream else bufsize)


socket.__init__ = made
socket.send = send
socket.recv = recv
