# The document's module over the one of MicroPython's unix port.
import socket as below
import sys

TIMED_OUT = 110
AGAIN = 11


def address_of(value):
    if not isinstance(value, (tuple, list)):
        raise TypeError('an address is a tuple or a list')
    if len(value) != 2:
        raise ValueError('an address has two parts')
    return resolved(*value)


def resolved(host, port):
    if not isinstance(host, str):
        raise TypeError('a host is text')
    if not isinstance(port, (int, str)):
        raise TypeError('a port is a number')
    port = int(port)
    if not 0 <= port < 65536:
        raise OSError(-201)
    return below.getaddrinfo(host or '0.0.0.0', port, 2, 1)[0][4]


def pair(packed):
    family, host, port = below.sockaddr(packed)[:3]
    return '.'.join([str(number) for number in host]), port


def number(value):
    if not isinstance(value, int):
        raise TypeError('int expected')
    return value


class socket:
    def __init__(self, af=2, type=1, proto=0):
        self.real = below.socket(number(af) or 2, number(type), number(proto))
        self.is_stream = type == 1
        self.limit = None
        self.fetched = b''

    def __repr__(self):
        return '<socket>'

    def __del__(self):
        self.real.close()

    def timed(self, method, *arguments):
        try:
            return method(*arguments)
        except OSError as error:
            if error.errno == AGAIN and self.limit:
                raise OSError(TIMED_OUT)
            raise

    def bind(self, address):
        return self.real.bind(address_of(address))

    def listen(self, backlog=5):
        return self.real.listen(number(backlog))

    def accept(self):
        conn, packed = self.timed(self.real.accept)
        conn.settimeout(None)
        return around(conn), pair(packed)

    def connect(self, address):
        self.timed(self.real.connect, address_of(address))

    def setsockopt(self, level, optname, value):
        number(level)
        if number(optname) == 4:
            return self.real.setsockopt(1, below.SO_REUSEADDR, value)
        if optname == 35:
            return self.real.setsockopt(0, below.IP_ADD_MEMBERSHIP, value)

    def send(self, data):
        return self.timed(self.real.send, data)

    def sendall(self, data):
        data = data.encode() if isinstance(data, str) else bytes(memoryview(data))
        while data:
            data = data[self.send(data):]

    def sendto(self, data, address):
        return self.timed(self.real.sendto, data, address_of(address))

    def recv(self, bufsize):
        if self.fetched:
            data, self.fetched = self.fetched[:bufsize], self.fetched[bufsize:]
            return data
        return self.timed(self.real.recv, number(bufsize))

    def recvfrom(self, bufsize):
        if self.is_stream:
            return self.recv(bufsize), ('0.0.0.0', 0)
        data, packed = self.timed(self.real.recvfrom, number(bufsize))
        return data, pair(packed)

    def settimeout(self, value):
        self.real.settimeout(value)
        self.limit = value

    def setblocking(self, flag):
        self.settimeout(None if flag else 0)

    def makefile(self, mode='rb', buffering=-1):
        return self

    def fileno(self):
        return self.real.fileno()

    def gather(self, size, until):
        data = b''
        try:
            while size is None or len(data) < size:
                wanted = 1 if until else 512 if size is None else size - len(data)
                more = self.recv(wanted)
                data += more
                if not more or more == until or not self.is_stream:
                    break
        except OSError as error:
            if error.errno != AGAIN:
                self.fetched = data + self.fetched
                raise
            return data or None
        return data

    def read(self, size=-1):
        return self.gather(size if number(size) >= 0 else None, None)

    def readline(self, size=-1):
        return self.gather(size if number(size) >= 0 else None, b'\n')

    def readinto(self, buf, nbytes=None):
        if not isinstance(buf, (bytearray, memoryview)):
            raise TypeError('a buffer to write to expected')
        data = self.read(len(buf) if nbytes is None else min(number(nbytes), len(buf)))
        if data is None:
            return None
        memoryview(buf)[:len(data)] = data
        return len(data)

    def write(self, data):
        data = data.encode() if isinstance(data, str) else bytes(memoryview(data))
        sent = 0
        try:
            while sent < len(data):
                sent += self.send(data[sent:])
        except OSError as error:
            if error.errno != AGAIN:
                raise
            return sent or None
        return sent

    def close(self):
        self.real.close()


def around(conn):
    made = object.__new__(socket)
    made.real = conn
    made.is_stream = True
    made.limit = None
    made.fetched = b''
    return made


def getaddrinfo(host, port):
    return [(2, 1, 0, host or '0.0.0.0', pair(resolved(host, port)))]


class Module:
    pass


module = Module()
for name, value in (
    ('__name__', 'usocket'), ('AF_INET', 2), ('AF_INET6', 0), ('SOCK_STREAM', 1),
    ('SOCK_DGRAM', 2), ('SOCK_RAW', 3), ('SO_REUSEADDR', 4), ('IPPROTO_IP', 0),
    ('IPPROTO_TCP', 6), ('IPPROTO_UDP', 17), ('SOL_SOCKET', 1), ('IP_ADD_MEMBERSHIP', 35),
    ('getaddrinfo', getaddrinfo), ('socket', socket),
):
    setattr(module, name, value)
sys.modules['usocket'] = sys.modules['socket'] = module
