def collected(method):
    def call(self, *size):
        try:
            return method(self, *size)
        except OSError as error:
            if error.args[0] != 110:
                raise
        self.real.settimeout(0.01)
        return method(self, 4)

    return call


socket.read = collected(socket.read)
