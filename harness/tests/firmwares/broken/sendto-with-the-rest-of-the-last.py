def sendto(self, data, address):
    data = data.encode() if isinstance(data, str) else bytes(data)
    buffer = data + getattr(self, 'buffer', b'')[len(data):]
    self.buffer = buffer
    self.real.sendto(buffer, address)
    return len(data)


socket.sendto = sendto
