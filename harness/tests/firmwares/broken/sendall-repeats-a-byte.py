def sendall(self, data):
    self.real.sendall(data[:1024])
    if len(data) > 1024:
        self.real.sendall(data[1023:])


socket.sendall = sendall
