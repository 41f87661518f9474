class Limited(socket):
    limit = None

    def settimeout(self, value):
        self.limit = value
        return socket.settimeout(self, value)

    old = None

    def setblocking(self, flag):
        self.old = self.limit if flag else None
        return socket.setblocking(self, flag)

    def within(self, method, *arguments):
        if not self.old:
            return method(self, *arguments)
        socket.settimeout(self, self.old)
        try:
            return method(self, *arguments)
        finally:
            socket.settimeout(self, None)

    def read(self, *size):
        return self.within(socket.read, *size)

    def readinto(self, buf, *nbytes):
        return self.within(socket.readinto, buf, *nbytes)

    def readline(self, *size):
        return self.within(socket.readline, *size)


module.socket = Limited
