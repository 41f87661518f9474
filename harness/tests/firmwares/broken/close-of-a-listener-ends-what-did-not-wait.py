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
        self.given = getattr(self, 'given', []) + [conn]
        return conn, address

    def close(self):
        if self.limit == 0:
            for conn in getattr(self, 'given', []):
                conn.close()
        return socket.close(self)


module.socket = Limited
