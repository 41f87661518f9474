def sendto(self, data, address):
    if isinstance(data, str):
        return self.real.sendto(data.encode() + b'\0', address) - 1
    return self.real.sendto(data, address)


socket.sendto = sendto
