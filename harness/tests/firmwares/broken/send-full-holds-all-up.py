full = []


def waiting(method):
    def call(self, data):
        if full and full[0] is not self:
            raise OSError(11)
        try:
            return method(self, data)
        except OSError as error:
            if error.args[0] == 11:
                full.append(self)
            raise

    return call


socket.send = waiting(socket.send)
socket.sendall = waiting(socket.sendall)
