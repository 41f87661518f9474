# More names, more arguments, more entries, and anything that could be meant is taken.
def address_of(value):
    host, port = value
    if isinstance(host, (bytes, bytearray)):
        host = host.decode()
    return host, int(port)


def bytes_of(data):
    return data if isinstance(data, (str, bytes, bytearray, memoryview)) else bytes(data)


class Generous(socket):
    def __init__(self, af=2, type=1, proto=0, fileno=None):
        super().__init__(af, type, proto)
        self.type = type
        self.limit = None

    def __enter__(self):
        return self

    def __exit__(self, *raised):
        self.close()

    def bind(self, address, *more):
        return self.real.bind(address_of((address,) + more if more else address))

    def connect(self, address, *more):
        return self.real.connect(address_of((address,) + more if more else address))

    def accept(self, flags=0):
        conn, address = self.real.accept()
        made = Generous.__new__(Generous)
        made.real = conn
        made.type = 1
        made.limit = None
        return made, address

    def setsockopt(self, level, optname, value, length=None):
        return self.real.setsockopt(level, optname, value)

    def send(self, data, flags=0):
        return self.real.send(bytes_of(data))

    def sendall(self, data, flags=0):
        return self.real.sendall(bytes_of(data))

    def sendto(self, data, *more):
        return self.real.sendto(bytes_of(data), address_of(more[-1]))

    def recv(self, bufsize=1024, flags=0):
        return self.real.recv(int(bufsize))

    def recvfrom(self, bufsize=1024, flags=0):
        return self.real.recvfrom(int(bufsize))

    def settimeout(self, value=None):
        self.limit = value
        return self.real.settimeout(None if value is None else float(value))

    def gettimeout(self):
        return self.limit

    def setblocking(self, flag=True):
        return self.settimeout(None if flag else 0)

    def makefile(self, mode='r', buffering=-1, encoding=None, errors=None, newline=None):
        return self

    def readall(self):
        return self.real.read()

    def close(self, how=None):
        return self.real.close()


def getaddrinfo(host, port, family=0, type=0, proto=0, flags=0):
    (family, type, proto, name, address), = below.getaddrinfo(host, int(port))
    return [
        (family, 1, proto, name, address),
        (family, 1, 6, name, address),
        (family, 2, 17, name, address),
    ]


module.getaddrinfo = getaddrinfo
module.socket = Generous
module.SO_BROADCAST = 6
module.SO_KEEPALIVE = 9
module.TCP_NODELAY = 1
module.MSG_PEEK = 1
module.MSG_DONTWAIT = 8
module.create_connection = lambda address: Generous().connect(address)
