def send(self, data):
    self.real.send(data)
    return 0


socket.send = send
