# The firmware family in the version that the document shows: listen needs its backlog, connect
# waits longer than a timeout says, recv and makefile take their arguments by position alone, and
# recv(0) ends the stream.
def made(self, af=2, type=1, proto=0):
    self.real = below.socket(af, type, proto)


def around(conn):
    made = socket.__new__(socket)
    made.real = conn
    return made


def listen(self, backlog):
    return self.real.listen(backlog)


def connect(self, address):
    if self.limit == 0:
        return self.real.connect(address)
    self.real.settimeout(None)
    try:
        return self.real.connect(address)
    finally:
        self.real.settimeout(self.limit)


def settimeout(self, value):
    self.limit = value
    return self.real.settimeout(value)


def setblocking(self, flag):
    return self.settimeout(None if flag else 0)


def setsockopt(self, level, optname, value):
    if optname == 4 and not isinstance(value, int):
        raise TypeError('int expected')
    return self.real.setsockopt(level, optname, value)


def recv(self, bufsize):
    if bufsize == 0:
        self.ended = True
    if self.ended and self.real.fileno() >= 0:
        return b''
    return self.real.recv(bufsize)


def ending(method):
    def call(self, *arguments):
        if self.ended:
            return b''
        return method(self, *arguments)

    return call


def readinto(self, buf, *nbytes):
    return 0 if self.ended else self.real.readinto(buf, *nbytes)


def makefile(self, *arguments):
    if len(arguments) > 2:
        raise TypeError('two arguments at most')
    return self


def getaddrinfo(host, port, *ignored):
    if len(ignored) > 4:
        raise TypeError('six arguments at most')
    return below.getaddrinfo(host, port)


socket.limit = None
socket.ended = False
for name, method in (
    ('__init__', made), ('listen', listen), ('connect', connect), ('settimeout', settimeout),
    ('setblocking', setblocking), ('setsockopt', setsockopt), ('recv', recv),
    ('read', ending(socket.read)), ('readline', ending(socket.readline)), ('readinto', readinto),
    ('makefile', makefile),
):
    setattr(socket, name, method)
module.getaddrinfo = getaddrinfo
