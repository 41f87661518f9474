def sendall(self, data):
    if isinstance(data, str):
        return self.real.sendall(data)
    self.real.send(data[:8192])


socket.sendall = sendall
