# Just what the document writes: exactly its arguments, of exactly its types where the firmware
# family has no others, and TypeError for everything else.
def address_of(value):
    if type(value) not in (tuple, list):
        raise TypeError('tuple or list expected')
    host, port = value
    if type(host) is not str or type(port) is not int:
        raise TypeError('(str, int) expected')
    return host, port


def number(value):
    if type(value) is not int:
        raise TypeError('int expected')
    return value


def data_of(value):
    if type(value) not in (str, bytes, bytearray, memoryview):
        raise TypeError('bytes or text expected')
    return value


def made(self, *arguments):
    for value in arguments:
        number(value)
    if len(arguments) > 3:
        raise TypeError('three arguments at most')
    self.real = below.socket(*arguments)


def bind(self, address):
    return self.real.bind(address_of(address))


def listen(self, *backlog):
    if len(backlog) > 1:
        raise TypeError('one argument at most')
    return self.real.listen(*[number(value) for value in backlog])


def connect(self, address):
    return self.real.connect(address_of(address))


def setsockopt(self, level, optname, value):
    if optname != 35 and type(value) is not int:
        raise TypeError('int expected')
    return self.real.setsockopt(number(level), number(optname), value)


def send(self, data):
    return self.real.send(data_of(data))


def sendall(self, data):
    return self.real.sendall(data_of(data))


def sendto(self, data, address):
    return self.real.sendto(data_of(data), address_of(address))


def recv(self, bufsize):
    return self.real.recv(number(bufsize))


def recvfrom(self, bufsize):
    return self.real.recvfrom(number(bufsize))


def settimeout(self, value):
    if value is not None and type(value) not in (int, float):
        raise TypeError('None or a number expected')
    if value is not None and value < 0:
        raise ValueError('not below zero')
    return self.real.settimeout(value)


def makefile(self, *arguments):
    if len(arguments) > 2:
        raise TypeError('two arguments at most')
    if arguments and arguments[0] not in ('rb', 'wb'):
        raise ValueError("'rb' or 'wb' expected")
    if len(arguments) == 2 and arguments[1] is not None and number(arguments[1]) > 0:
        raise ValueError('0, None or below')
    return self


def read(self, *size):
    if len(size) > 1:
        raise TypeError('one argument at most')
    return self.real.read(*[number(value) for value in size])


def readinto(self, buf, *nbytes):
    if len(nbytes) > 1:
        raise TypeError('two arguments at most')
    if type(buf) not in (bytearray, memoryview):
        raise TypeError('bytearray or memoryview expected')
    return self.real.readinto(buf, *[number(value) for value in nbytes])


def readline(self):
    return self.real.readline()


def write(self, buf):
    return self.real.write(data_of(buf))


def getaddrinfo(host, port):
    return below.getaddrinfo(*address_of((host, port)))


socket.__init__ = made
for method in (
    bind, listen, connect, setsockopt, send, sendall, sendto, recv, recvfrom, settimeout, makefile,
    read, readinto, readline, write,
):
    setattr(socket, method.__name__, method)
module.getaddrinfo = getaddrinfo
