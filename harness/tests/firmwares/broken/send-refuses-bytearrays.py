def send(self, data):
    if isinstance(data, bytearray):
        raise TypeError('bytes expected')
    return self.real.send(data)


socket.send = send
