connected = []


def connect(self, address):
    result = self.real.connect(address)
    connected.append(self)
    return result


def recv(self, bufsize):
    try:
        return self.real.recv(bufsize)
    except OSError:
        for other in connected:
            if other is not self and other.real.fileno() >= 0:
                other.real.settimeout(0.1)
                try:
                    other.real.recv(2048)
                except OSError:
                    pass
                other.real.settimeout(None)
        raise


socket.connect = connect
socket.recv = recv
