def bind(self, address):
    self.real.bind(address)
    self.bound = True


def sendto(self, data, address):
    if not hasattr(self, 'bound'):
        if hasattr(self, 'sent'):
            self.real.close()
            self.real = below.socket(2, 2)
        self.sent = True
    return self.real.sendto(data, address)


socket.bind = bind
socket.sendto = sendto
