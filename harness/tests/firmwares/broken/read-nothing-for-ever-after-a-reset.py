class Limited(socket):
    limit = None

    def settimeout(self, value):
        self.limit = value
        return socket.settimeout(self, value)

    def setblocking(self, flag):
        self.limit = None if flag else 0
        return socket.setblocking(self, flag)

    def quiet(self, method, *arguments):
        try:
            return method(self, *arguments)
        except OSError:
            if self.limit == 0:
                return None
            raise

    def read(self, *size):
        return self.quiet(socket.read, *size)

    def readinto(self, buf, *nbytes):
        return self.quiet(socket.readinto, buf, *nbytes)

    def readline(self, *size):
        return self.quiet(socket.readline, *size)


module.socket = Limited
