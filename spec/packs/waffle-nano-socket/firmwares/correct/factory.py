# socket.socket is a function that makes sockets; the methods that the document lists are its
# attributes as well.
import sys
import usocket as below


class Socket:
    def __init__(self, real):
        self.real = real

    def __repr__(self):
        return '<socket>'

    def __getattr__(self, name):
        return getattr(self.real, name)

    def accept(self):
        conn, address = self.real.accept()
        return Socket(conn), address

    def makefile(self, mode='rb', buffering=0):
        return self


def socket(af=2, type=1, proto=0):
    return Socket(below.socket(af, type, proto))


for name in (
    'close read readinto readline send write __del__ accept bind connect fileno listen makefile '
    'recv recvfrom sendall sendto setblocking setsockopt settimeout'
).split():
    setattr(socket, name, getattr(below.socket, name))

module = type(sys)('usocket')
for name in dir(below):
    if name[0] != '_':
        setattr(module, name, getattr(below, name))
module.socket = socket
sys.modules['usocket'] = sys.modules['socket'] = module
