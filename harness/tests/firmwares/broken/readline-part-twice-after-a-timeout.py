class Limited(socket):
    limit = None

    def settimeout(self, value):
        self.limit = value
        return socket.settimeout(self, value)

    def setblocking(self, flag):
        self.limit = None if flag else 0
        return socket.setblocking(self, flag)

    part = b''

    def readline(self, *size):
        if not self.limit:
            return socket.readline(self, *size)
        line, self.part = self.part, b''
        try:
            while True:
                one = socket.recv(self, 1)
                line += one
                if one in (b'', b'\n'):
                    return line
        except OSError:
            self.part = line + line
            raise


module.socket = Limited
