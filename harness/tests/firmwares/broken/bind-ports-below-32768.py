def bind(self, address):
    return self.real.bind((address[0], address[1] & 32767))


socket.bind = bind
