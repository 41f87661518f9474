def sendall(self, data):
    self.real.sendall(data)
    return len(data)


socket.sendall = sendall
