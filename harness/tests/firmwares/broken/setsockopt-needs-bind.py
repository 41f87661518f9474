def bind(self, address):
    self.real.bind(address)
    self.bound = True


def setsockopt(self, level, optname, value):
    if not hasattr(self, 'bound'):
        raise OSError(22)
    return self.real.setsockopt(level, optname, value)


socket.bind = bind
socket.setsockopt = setsockopt
