below_it = socket.send


def send(self, data):
    if self.limit == 0 and isinstance(data, bytearray):
        raise TypeError('bytes expected')
    return below_it(self, data)


socket.send = send
