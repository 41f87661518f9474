def sendto(self, data, address):
    if len(data) > 512:
        self.real.sendto(data[:512], address)
        return len(data)
    return self.real.sendto(data, address)


socket.sendto = sendto
