def sendall(self, data):
    if getattr(self, 'limited', False):
        return self.real.sendall(data)
    self.real.settimeout(3)
    try:
        self.real.sendall(data)
    except OSError as error:
        if error.args[0] != 110:
            raise
    finally:
        self.real.settimeout(None)


def settimeout(self, value):
    self.limited = value is not None
    return self.real.settimeout(value)


socket.sendall = sendall
socket.settimeout = settimeout
