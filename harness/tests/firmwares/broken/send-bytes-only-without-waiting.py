class Limited(socket):
    limit = None

    def settimeout(self, value):
        self.limit = value
        return socket.settimeout(self, value)

    def setblocking(self, flag):
        self.limit = None if flag else 0
        return socket.setblocking(self, flag)

    def send(self, data):
        if self.limit == 0 and isinstance(data, bytearray):
            raise TypeError('bytes expected')
        return socket.send(self, data)


module.socket = Limited
