def sendto(self, data, address):
    if len(data) <= 256:
        return self.real.sendto(data, address)
    data = data.encode() if isinstance(data, str) else bytes(data)
    for start in range(0, len(data), 256):
        self.real.sendto(data[start:start + 256], address)
    return len(data)


socket.sendto = sendto
