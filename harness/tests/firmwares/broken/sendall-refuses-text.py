def sendall(self, data):
    if isinstance(data, str):
        raise TypeError('bytes expected')
    return self.real.sendall(data)


socket.sendall = sendall
