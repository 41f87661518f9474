held = [b'']


def sendall(self, data):
    self.real.sendall(held[0] + data[:-1])
    held[0] = data[-1:]


def close(self):
    if held[0]:
        self.real.sendall(held[0])
        held[0] = b''
    return self.real.close()


socket.sendall = sendall
socket.close = close
