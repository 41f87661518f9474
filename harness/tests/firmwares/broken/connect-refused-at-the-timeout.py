import time


def connect(self, address):
    try:
        return self.real.connect(address)
    except OSError as error:
        if error.args[0] not in (104, 111):
            raise
        time.sleep(getattr(self, 'limit', None) or 75)
        raise OSError(110)


def settimeout(self, value):
    self.limit = value
    return self.real.settimeout(value)


socket.connect = connect
socket.settimeout = settimeout
