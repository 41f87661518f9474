# A module of its own in front of the one that is there: every call is handed on as it comes.
# Broken firmware is this one with a few lines after it.
import sys
import usocket as below


class socket:
    real = None
    # The timeout that is set; 0: it does not wait. For the lines that make a firmware broken.
    limit = None

    def __init__(self, af=2, type=1, proto=0):
        self.real = below.socket(af, type, proto)

    def __repr__(self):
        return '<socket>'

    def __del__(self):
        if self.real is not None:
            self.real.close()

    def bind(self, address):
        return self.real.bind(address)

    def listen(self, backlog=5):
        return self.real.listen(backlog)

    def accept(self):
        conn, address = self.real.accept()
        return around(conn), address

    def connect(self, address):
        return self.real.connect(address)

    def setsockopt(self, level, optname, value):
        return self.real.setsockopt(level, optname, value)

    def send(self, data):
        return self.real.send(data)

    def sendall(self, data):
        return self.real.sendall(data)

    def sendto(self, data, address):
        return self.real.sendto(data, address)

    def recv(self, bufsize):
        return self.real.recv(bufsize)

    def recvfrom(self, bufsize):
        return self.real.recvfrom(bufsize)

    def settimeout(self, value):
        result = self.real.settimeout(value)
        self.limit = value
        return result

    def setblocking(self, flag):
        result = self.real.setblocking(flag)
        self.limit = None if flag else 0
        return result

    def makefile(self, mode='rb', buffering=0):
        return self

    def fileno(self):
        return self.real.fileno()

    def read(self, *size):
        return self.real.read(*size)

    def readinto(self, buf, *nbytes):
        return self.real.readinto(buf, *nbytes)

    def readline(self, *size):
        return self.real.readline(*size)

    def write(self, data, *part):
        return self.real.write(data, *part)

    def close(self):
        return self.real.close()


def around(conn):
    made = socket.__new__(socket)
    made.real = conn
    return made


def getaddrinfo(host, port, *hints):
    return below.getaddrinfo(host, port, *hints)


module = type(sys)('usocket')
for name in dir(below):
    if name[0] != '_':
        setattr(module, name, getattr(below, name))
module.getaddrinfo = getaddrinfo
module.socket = socket
sys.modules['usocket'] = sys.modules['socket'] = module
