class Limited(socket):
    limit = None

    def settimeout(self, value):
        self.limit = value
        return socket.settimeout(self, value)

    def setblocking(self, flag):
        self.limit = None if flag else 0
        return socket.setblocking(self, flag)

    def recvfrom(self, bufsize):
        got = socket.recvfrom(self, bufsize)
        while self.limit == 0:
            try:
                got = socket.recvfrom(self, bufsize)
            except OSError:
                break
        return got


module.socket = Limited
