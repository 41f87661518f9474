# Nothing but what must clauses promise. Whatever only should and may clauses speak of, and whatever
# none does, raises: port 0, the loopback, defaults of arguments, further types, other names, UDP
# sockets with a peer, nothing as data, and a second close.
STREAM = 1


def number(value):
    if type(value) is not int:
        raise TypeError('int expected')
    return value


def size(value):
    if number(value) < 1:
        raise ValueError('at least one byte expected')
    return value


def data_of(value):
    if type(value) not in (str, bytes):
        raise TypeError('bytes or text expected')
    if not value:
        raise ValueError('at least one byte expected')
    return value


def host_of(value):
    if type(value) is not str:
        raise TypeError('text expected')
    if value == 'localhost' or value[:4] == '127.':
        raise OSError(118)
    return value


def port_of(value):
    if not 0 < number(value) < 65536:
        raise OSError(-201)
    return value


def address_of(value, types):
    if type(value) not in types:
        raise TypeError('an address expected')
    host, port = value
    return host_of(host), port_of(port)


class Minimal:
    def __init__(self, *arguments):
        if len(arguments) > 3:
            raise TypeError('three arguments at most')
        self.real = below.socket(*[number(value) for value in arguments])
        self.kind = (list(arguments) + [2, STREAM][len(arguments):])[1]
        self.is_open = True

    def __str__(self):
        return '<socket>'

    def __del__(self):
        return None

    def usable(self, kind):
        if not self.is_open or self.kind != kind:
            raise OSError(95)
        return self.real

    def stream(self):
        return self.usable(STREAM)

    def datagrams(self):
        return self.usable(2)

    def bind(self, address):
        return self.real.bind(address_of(address, (tuple, list)))

    def listen(self, backlog):
        return self.stream().listen(number(backlog))

    def accept(self):
        conn, address = self.stream().accept()
        made = Minimal.__new__(Minimal)
        made.real = conn
        made.kind = STREAM
        made.is_open = True
        return [made, list(address)]

    def connect(self, address):
        try:
            return self.stream().connect(address_of(address, (tuple, list)))
        except OSError as error:
            raise OSError(111 if error.args[0] == 104 else error.args[0])

    def setsockopt(self, level, optname, value):
        if number(level) != 1 or number(optname) != 4:
            raise OSError(92)
        return self.real.setsockopt(level, optname, number(value))

    def send(self, data):
        return self.stream().send(data_of(data))

    def sendall(self, data):
        self.stream().sendall(data_of(data))
        return True

    def sendto(self, data, address):
        return self.datagrams().sendto(data_of(data), address_of(address, (tuple,)))

    def recv(self, bufsize):
        return self.stream().recv(size(bufsize))

    def recvfrom(self, bufsize):
        return list(self.datagrams().recvfrom(size(bufsize)))

    def settimeout(self, value):
        if value is not None and (type(value) is not float or value < 0):
            raise TypeError('None or a float expected')
        self.real.settimeout(value)
        return value

    def setblocking(self, flag):
        if type(flag) is not bool:
            raise TypeError('bool expected')
        self.real.setblocking(flag)
        return flag

    def makefile(self, mode, buffering):
        if mode not in ('rb', 'wb') or not (buffering is None or number(buffering) <= 0):
            raise ValueError('no such file')
        return File(self)

    def fileno(self):
        if not self.is_open:
            raise OSError(9)
        return self.real.fileno()

    def read(self, *wanted):
        if len(wanted) > 1:
            raise TypeError('one argument at most')
        return self.stream().read(*[size(value) for value in wanted])

    def readinto(self, buf, *nbytes):
        if type(buf) is not bytearray or len(nbytes) > 1:
            raise TypeError('a bytearray and a number expected')
        size(len(buf))
        return self.stream().readinto(buf, *[size(value) for value in nbytes])

    def readline(self):
        return self.stream().readline()

    def write(self, buf):
        return self.stream().write(data_of(buf))

    def close(self):
        if not self.is_open:
            raise OSError(9)
        self.is_open = False
        self.real.close()
        return True


class File:
    def __init__(self, of):
        self.of = of

    def __str__(self):
        return '<socket>'

    def read(self, *wanted):
        return self.of.read(*wanted)

    def write(self, buf):
        return self.of.write(buf)


def getaddrinfo(host, port):
    if type(host) is not str or host in ('', 'localhost'):
        raise OSError(-202)
    return below.getaddrinfo(host, port_of(port))


for name in dir(module):
    if name[0] != '_':
        delattr(module, name)
for name in (
    'AF_INET AF_INET6 IPPROTO_IP IPPROTO_TCP IPPROTO_UDP IP_ADD_MEMBERSHIP SOCK_DGRAM SOCK_RAW '
    'SOCK_STREAM SOL_SOCKET SO_REUSEADDR'
).split():
    setattr(module, name, getattr(below, name))
module.getaddrinfo = getaddrinfo
module.socket = Minimal
