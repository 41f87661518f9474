def connect(self, address):
    result = self.real.connect(address)
    self.real.settimeout(None)
    return result


socket.connect = connect
