bound = []


def made(self, af=2, type=1, proto=0):
    self.real = below.socket(af, type, proto)
    self.is_stream = type == 1


def bind(self, address):
    if not self.is_stream:
        bound.append(address)
        if len(bound) > 1:
            address = (address[0], 0)
    return self.real.bind(address)


socket.is_stream = True
socket.__init__ = made
socket.bind = bind
