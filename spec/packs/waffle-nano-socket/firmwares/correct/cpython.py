# The document's module over the socket module of CPython.
import builtins
import socket as below
import sys

def error_of(error):
    if isinstance(error, below.timeout):
        return OSError(110)
    if isinstance(error, below.gaierror):
        return OSError(-202)
    return OSError(*error.args)


def numbered(method):
    def call(self, *arguments):
        try:
            return method(self, *arguments)
        except OSError as error:
            raise error_of(error) from None

    return call


def address_of(value):
    if not isinstance(value, (tuple, list)):
        raise TypeError('an address is a tuple or a list')
    if len(value) != 2:
        raise ValueError('an address has two parts')
    host, port = value
    if not isinstance(host, TEXT):
        raise TypeError('a host is text')
    if not isinstance(port, (int, TEXT)):
        raise TypeError('a port is a number')
    port = int(port)
    if not 0 <= port < 65536:
        raise OSError(-201)
    return host or '0.0.0.0', port


def number(value):
    if not isinstance(value, int):
        raise TypeError('int expected')
    return value


def bytes_of(data):
    return data.encode() if isinstance(data, TEXT) else data


class socket:
    real = None

    def __init__(self, *arguments):
        family, type, proto = (list(arguments) + [2, 1, 0][len(arguments):])[:3]
        if len(arguments) > 3:
            raise TypeError('socket() takes at most three arguments')
        try:
            self.real = below.socket(number(family) or 2, number(type), number(proto))
        except OSError as error:
            raise error_of(error) from None
        self.fetched = b''

    def __repr__(self):
        return '<socket>'

    def __del__(self):
        if self.real is not None:
            self.real.close()

    @numbered
    def bind(self, address):
        self.real.bind(address_of(address))

    @numbered
    def listen(self, backlog=5):
        self.real.listen(number(backlog))

    @numbered
    def accept(self):
        conn, address = self.real.accept()
        conn.setblocking(True)
        made = socket.__new__(socket)
        made.real = conn
        made.fetched = b''
        return made, address

    @numbered
    def connect(self, address):
        self.real.connect(address_of(address))

    @numbered
    def setsockopt(self, level, optname, value):
        number(level)
        if number(optname) == 4:
            value = value if isinstance(value, int) else int.from_bytes(memoryview(value), 'little')
            self.real.setsockopt(below.SOL_SOCKET, below.SO_REUSEADDR, value)
        elif optname == 35:
            self.real.setsockopt(below.IPPROTO_IP, below.IP_ADD_MEMBERSHIP, value)
        else:
            self.real.fileno()

    @numbered
    def send(self, data):
        return self.real.send(bytes_of(data))

    @numbered
    def sendall(self, data):
        self.real.sendall(bytes_of(data))

    @numbered
    def sendto(self, data, address):
        return self.real.sendto(bytes_of(data), address_of(address))

    @numbered
    def recv(self, bufsize):
        if self.fetched and number(bufsize) >= 0:
            data, self.fetched = self.fetched[:bufsize], self.fetched[bufsize:]
            return data
        return self.real.recv(number(bufsize))

    @numbered
    def recvfrom(self, bufsize):
        data, address = self.real.recvfrom(number(bufsize))
        return data, address or ('0.0.0.0', 0)

    @numbered
    def settimeout(self, value):
        self.real.settimeout(value)

    @numbered
    def setblocking(self, flag):
        self.real.setblocking(bool(flag))

    def makefile(self, mode='rb', buffering=-1):
        return self

    def fileno(self):
        return self.real.fileno()

    def gather(self, enough):
        data = b''
        try:
            while not enough(data):
                more = self.recv(1024)
                data += more
                if not more or self.real.type == below.SOCK_DGRAM:
                    break
        except OSError as error:
            if error.args[0] != 11:
                self.fetched = data + self.fetched
                raise
            if not data:
                return None
        return data

    def parted(self, data, size):
        if data is not None and len(data) > size:
            data, self.fetched = data[:size], data[size:] + self.fetched
        return data

    def read(self, size=-1):
        if number(size) < 0:
            return self.gather(lambda data: False)
        return self.parted(self.gather(lambda data: len(data) >= size), size)

    def readline(self, size=-1):
        line = self.gather(lambda data: b'\n' in data or 0 <= size <= len(data))
        if line and b'\n' in line:
            line = self.parted(line, line.index(b'\n') + 1)
        return line if size < 0 else self.parted(line, size)

    def readinto(self, buf, nbytes=None):
        space = memoryview(buf)
        if space.readonly:
            raise TypeError('a buffer to write to expected')
        data = self.read(len(space) if nbytes is None else min(number(nbytes), len(space)))
        if data is None:
            return None
        space[:len(data)] = data
        return len(data)

    def write(self, data):
        data = bytes(memoryview(bytes_of(data)))
        sent = 0
        try:
            while sent < len(data):
                sent += self.send(data[sent:])
        except OSError as error:
            if error.args[0] != 11:
                raise
            return sent or None
        return sent

    def close(self):
        self.real.close()


def getaddrinfo(host, port):
    if not isinstance(host, TEXT):
        raise TypeError('a host is text')
    address = address_of((host, port))
    try:
        found = below.getaddrinfo(*address, below.AF_INET, below.SOCK_STREAM)
    except OSError as error:
        raise error_of(error) from None
    return [(2, 1, 0, host or '0.0.0.0', found[0][4])]


# `str` of text with an encoding is that text on MicroPython.
TEXT = str


class Type(type):
    def __instancecheck__(self, value):
        return isinstance(value, TEXT)


class Text(TEXT, metaclass=Type):
    def __new__(cls, value='', *encoding):
        return value if encoding and isinstance(value, TEXT) else TEXT(value, *encoding)


builtins.str = Text
module = type(sys)('usocket')
for name, value in (
    ('AF_INET', 2), ('AF_INET6', 0), ('SOCK_STREAM', 1), ('SOCK_DGRAM', 2), ('SOCK_RAW', 3),
    ('SO_REUSEADDR', 4), ('IPPROTO_IP', 0), ('IPPROTO_TCP', 6), ('IPPROTO_UDP', 17),
    ('SOL_SOCKET', 1), ('IP_ADD_MEMBERSHIP', 35), ('getaddrinfo', getaddrinfo), ('socket', socket),
):
    setattr(module, name, value)
sys.modules['usocket'] = sys.modules['socket'] = module
