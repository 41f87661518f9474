class Limited(socket):
    limit = None

    def settimeout(self, value):
        self.limit = value
        return socket.settimeout(self, value)

    def setblocking(self, flag):
        self.limit = None if flag else 0
        return socket.setblocking(self, flag)

    def connect(self, address):
        if self.limit and isinstance(address, list):
            raise TypeError('tuple expected')
        return socket.connect(self, address)


module.socket = Limited
