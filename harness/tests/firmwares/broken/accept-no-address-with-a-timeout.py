class Limited(socket):
    limit = None

    def settimeout(self, value):
        self.limit = value
        return socket.settimeout(self, value)

    def setblocking(self, flag):
        self.limit = None if flag else 0
        return socket.setblocking(self, flag)

    def accept(self):
        conn, address = socket.accept(self)
        return conn, ('0.0.0.0', 0) if self.limit else address


module.socket = Limited
