def send(self, data):
    self.real.send(data[:-1] if len(data) > 64 else data)
    return len(data)


socket.send = send
