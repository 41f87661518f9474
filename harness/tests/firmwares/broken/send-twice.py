def send(self, data):
    self.real.send(data)
    return self.real.send(data)


socket.send = send
