peers = []


def made(self, af=2, type=1, proto=0):
    self.real = below.socket(af, type, proto)
    self.is_stream = type == 1


def connect(self, address):
    if self.is_stream:
        return self.real.connect(address)
    peers.append(address)


def send(self, data):
    return self.real.send(data) if self.is_stream else self.real.sendto(data, peers[-1])


socket.is_stream = True
socket.__init__ = made
socket.connect = connect
socket.send = send
