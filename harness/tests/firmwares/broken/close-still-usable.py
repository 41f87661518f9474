def connect(self, address):
    self.real.connect(address)
    self.connected = True


def close(self):
    if not hasattr(self, 'connected'):
        return self.real.close()
    kept.append(self.real)


kept = []


socket.connect = connect
socket.close = close
