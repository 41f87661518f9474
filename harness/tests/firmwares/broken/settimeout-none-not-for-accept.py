class Limited(socket):
    limit = None

    def setblocking(self, flag):
        self.limit = None if flag else 0
        return socket.setblocking(self, flag)

    was_zero = False

    def settimeout(self, value):
        self.was_zero = self.was_zero or value == 0
        self.limit = value
        return socket.settimeout(self, value)

    def accept(self):
        if self.limit is None and self.was_zero:
            socket.settimeout(self, 0)
            try:
                return socket.accept(self)
            finally:
                socket.settimeout(self, None)
        return socket.accept(self)


module.socket = Limited
