def sendto(self, data, address):
    if isinstance(data, str):
        data = bytes([ord(letter) & 255 for letter in data])
    return self.real.sendto(data, address)


socket.sendto = sendto
