full = []


def waiting(method):
    def call(self, data):
        if full and full[0] is not self:
            raise OSError(11)
        try:
            return method(self, data)
        except OSError as error:
            if error.args[0] == 11 and self.has_sent:
                full.append(self)
            raise

    return call


def send(self, data):
    count = self.real.send(data)
    self.has_sent = True
    return count


def close(self):
    if self in full:
        full.clear()
    return self.real.close()


socket.has_sent = False
socket.send = waiting(send)
socket.sendall = waiting(socket.sendall)
socket.close = close
