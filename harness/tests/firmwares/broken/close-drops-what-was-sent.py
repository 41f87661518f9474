def made(self, af=2, type=1, proto=0):
    self.real = below.socket(af, type, proto)
    self.stream = type == 1


def sendall(self, data):
    data = getattr(self, 'kept', b'') + (data.encode() if isinstance(data, str) else bytes(data))
    self.real.sendall(data[:1024])
    self.kept = data[1024:]


socket.__init__ = made


socket.made = made
socket.sendall = sendall
