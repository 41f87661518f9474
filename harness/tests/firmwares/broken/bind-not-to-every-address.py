def bind(self, address):
    if not address[0]:
        raise OSError(-202)
    return self.real.bind(address)


socket.bind = bind
