def connect(self, address):
    self.is_asked = True
    result = self.real.connect(address)
    self.is_asked = False
    return result


def recv(self, bufsize):
    try:
        return self.real.recv(bufsize)
    except OSError as error:
        if self.is_asked and error.args[0] in (104, 107, 111):
            return b''
        raise


socket.is_asked = False
socket.connect = connect
socket.recv = recv
