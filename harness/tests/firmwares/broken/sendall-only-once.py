def sendall(self, data):
    self.real.send(data[:1024])


socket.sendall = sendall
