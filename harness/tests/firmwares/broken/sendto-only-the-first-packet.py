def sendto(self, data, address):
    data = data.encode() if isinstance(data, str) else bytes(data)
    self.real.sendto(data[:548], address)
    return len(data)


socket.sendto = sendto
