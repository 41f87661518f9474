def send(self, data):
    self.real.send(data)


socket.send = send
