def sendto(self, data, address):
    if isinstance(data, str) or not bytes(data):
        return self.real.sendto(data, address)
    self.real.sendto(bytes(data).split(b'\0')[0], address)
    return len(data)


socket.sendto = sendto
