def send(self, data):
    return self.real.send(str(data) if isinstance(data, int) else data)


socket.send = send
