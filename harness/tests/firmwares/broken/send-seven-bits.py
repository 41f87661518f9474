def send(self, data):
    if isinstance(data, str):
        return self.real.send(data)
    return self.real.send(bytes([byte & 127 for byte in bytes(data)]))


socket.send = send
