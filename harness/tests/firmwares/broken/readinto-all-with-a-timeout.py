class Limited(socket):
    limit = None

    def settimeout(self, value):
        self.limit = value
        return socket.settimeout(self, value)

    def setblocking(self, flag):
        self.limit = None if flag else 0
        return socket.setblocking(self, flag)

    def readinto(self, buf, *nbytes):
        return socket.readinto(self, buf, *(() if self.limit else nbytes))


module.socket = Limited
