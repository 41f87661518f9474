# The methods are not written out: a class without a dictionary gets them from a list.
import sys
import usocket as below


class socket:
    __slots__ = ('real',)

    def __init__(self, *arguments):
        self.real = below.socket(*arguments)

    def __str__(self):
        return '<socket>'

    __repr__ = __str__

    def accept(self):
        conn, address = self.real.accept()
        return around(conn), address

    def makefile(self, *arguments, **keywords):
        self.real.makefile(*arguments, **keywords)
        return self


def around(conn):
    made = socket.__new__(socket)
    made.real = conn
    return made


def handing_on(name):
    return lambda self, *arguments: getattr(self.real, name)(*arguments)


for name in (
    'bind listen connect setsockopt send sendall sendto recv recvfrom settimeout setblocking '
    'fileno read readinto readline write close __del__'
).split():
    setattr(socket, name, handing_on(name))

module = type(sys)('usocket')
for name in dir(below):
    if name[0] != '_':
        setattr(module, name, getattr(below, name))
module.socket = socket
sys.modules['usocket'] = sys.modules['socket'] = module
