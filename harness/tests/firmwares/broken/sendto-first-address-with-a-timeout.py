class Limited(socket):
    limit = None

    def settimeout(self, value):
        self.limit = value
        return socket.settimeout(self, value)

    def setblocking(self, flag):
        self.limit = None if flag else 0
        return socket.setblocking(self, flag)

    def sendto(self, data, address):
        self.first = getattr(self, 'first', address)
        return socket.sendto(self, data, self.first if self.limit else address)


module.socket = Limited
