# What the firmware family has of its own over lwIP: there is no loopback and no port 0, an address
# is not looked at before it is bound, no data cannot be sent, a timeout loses what a read had so far,
# an empty datagram or recv(0) ends what can be received, and option 3 is IP_ADD_MEMBERSHIP, which
# wants bytes.
NAMES = 'accept connect recv recvfrom read readinto readline send sendall sendto write'.split()


def family(method):
    def call(self, *arguments):
        try:
            return method(self, *arguments)
        except OSError as error:
            if error.args[0] == 110 and self.steps == 0:
                raise OSError(11)
            raise

    return call


def made(self, af=2, type=1, proto=0):
    self.real = below.socket(af, type, proto)
    self.is_stream = type == 1


def around(conn):
    made = socket.__new__(socket)
    made.real = conn
    return made


def is_address(value):
    return isinstance(value, (tuple, list)) and len(value) == 2


def to_itself(address):
    return is_address(address) and isinstance(address[0], str) and address[0][:4] == '127.'


def connect(self, address):
    if to_itself(address):
        raise OSError(118)
    return self.real.connect(address)


def sendto(self, data, address):
    if to_itself(address):
        raise OSError(118)
    return self.real.sendto(data, address)


def getaddrinfo(host, port, *hints):
    if port == 0:
        raise OSError(-201)
    if host == 'localhost':
        raise OSError(-202)
    return below.getaddrinfo(host, port, *hints)


def bind(self, address):
    if is_address(address) and address[1] == 0:
        raise OSError(-201)
    try:
        return self.real.bind(address)
    except OSError as error:
        if error.args[0] != 99:
            raise
        return self.real.bind(('0.0.0.0', address[1]))


def listen(self, backlog=5):
    return self.real.listen(1 if backlog == 0 and isinstance(backlog, int) else backlog)


def settimeout(self, value):
    self.steps = None
    if value is not None and value > 0:
        self.steps = int(value * 10)
        value = (self.steps + 1) / 10
    return self.real.settimeout(value)


def setblocking(self, flag):
    self.steps = None
    return self.real.setblocking(flag)


def setsockopt(self, level, optname, value):
    if optname == 4 and not isinstance(value, int):
        raise TypeError('int expected')
    if optname == 3:
        return self.real.setsockopt(level, 35, value)
    return self.real.setsockopt(level, optname, value)


def send(self, data):
    if self.is_stream and isinstance(data, (str, bytes, bytearray)) and not len(data):
        raise OSError(110)
    return self.real.send(data)


def sendall(self, data):
    if self.is_stream and isinstance(data, (str, bytes, bytearray)) and not len(data):
        raise OSError(110)
    return self.real.sendall(data)


def received(self, bufsize):
    if self.ended and self.real.fileno() >= 0:
        return b'', self.ended
    data, address = self.real.recvfrom(bufsize)
    if not data:
        self.ended = address
    return data, address


def recv(self, bufsize):
    return received(self, bufsize)[0]


def recvfrom(self, bufsize):
    return received(self, bufsize)


def read(self, size=-1):
    if not isinstance(size, int):
        raise TypeError('int expected')
    data = b''
    while size < 0 or len(data) < size:
        try:
            more = received(self, size - len(data) if size >= 0 else 256)[0]
        except OSError as error:
            if error.args[0] != 11:
                raise
            return data or None
        data += more
        if not more or not self.is_stream:
            break
    return data


def readinto(self, buf, nbytes=None):
    if not isinstance(buf, (bytearray, memoryview)):
        raise TypeError('a buffer to write to expected')
    data = read(self, len(buf) if nbytes is None else min(nbytes, len(buf)))
    if data is None:
        return None
    buf[:len(data)] = data
    return len(data)


def readline(self, size=-1):
    line = b''
    while line[-1:] != b'\n' and len(line) != size:
        try:
            byte = received(self, 1)[0]
        except OSError as error:
            if error.args[0] != 11:
                raise
            return line or None
        line += byte
        if not byte:
            break
    return line


def makefile(self, *arguments):
    if len(arguments) > 2:
        raise TypeError('two arguments at most')
    return self


socket.steps = None
socket.ended = None
socket.is_stream = True
socket.__init__ = made
for method in (
    bind, connect, sendto, listen, settimeout, setblocking, setsockopt, send, sendall, recv, recvfrom, read,
    readinto, readline, makefile,
):
    setattr(socket, method.__name__, method)
for name in NAMES:
    setattr(socket, name, family(getattr(socket, name)))
module.getaddrinfo = getaddrinfo
module.IP_ADD_MEMBERSHIP = 3
