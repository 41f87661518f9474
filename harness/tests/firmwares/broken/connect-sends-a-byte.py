def made(self, af=2, type=1, proto=0):
    self.real = below.socket(af, type, proto)
    self.stream = type == 1


def connect(self, address):
    self.real.connect(address)
    if self.stream:
        self.real.send(b'\0')


socket.__init__ = made


socket.made = made
socket.connect = connect
