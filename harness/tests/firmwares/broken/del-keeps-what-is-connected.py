kept = []


def connect(self, address):
    self.real.connect(address)
    kept.append(self.real)


def close(self):
    if self.real in kept:
        kept.remove(self.real)
    return self.real.close()


def __del__(self):
    pass


socket.connect = connect
socket.close = close
socket.__del__ = __del__
