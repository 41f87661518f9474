def sendall(self, data):
    if isinstance(data, str):
        return self.real.sendall(data)
    return self.real.sendall(data[:len(data) & 65535])


socket.sendall = sendall
