def sendall(self, data):
    if isinstance(data, str):
        return self.real.sendall(data)
    data = bytes(data)
    for start in range(0, max(1, len(data)), 536):
        self.real.sendall(data[start:start + 536 - (len(data) > start + 536)])


socket.sendall = sendall
