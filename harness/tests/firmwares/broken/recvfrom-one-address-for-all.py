class Limited(socket):
    limit = None

    def settimeout(self, value):
        self.limit = value
        return socket.settimeout(self, value)

    def setblocking(self, flag):
        self.limit = None if flag else 0
        return socket.setblocking(self, flag)

    def recvfrom(self, bufsize):
        data, address = socket.recvfrom(self, bufsize)
        if self.limit:
            self.first = getattr(self, 'first', address)
            address = self.first
        return data, address


module.socket = Limited
