def sendall(self, data):
    if isinstance(data, str):
        data = data.encode()[:len(data)]
    return self.real.sendall(data)


socket.sendall = sendall
