def send(self, data):
    self.real.send(data[:-1] if len(data) % 16 == 0 else data)
    return len(data)


socket.send = send
