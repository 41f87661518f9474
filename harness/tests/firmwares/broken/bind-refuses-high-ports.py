def bind(self, address):
    if int(address[1]) > 32767:
        raise OSError(22)
    return self.real.bind(address)


socket.bind = bind
