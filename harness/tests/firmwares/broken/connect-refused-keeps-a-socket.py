kept = []


def connect(self, address):
    try:
        return self.real.connect(address)
    except OSError as error:
        self.was_refused = error.args[0] in (104, 111)
        raise


def close(self):
    if self.was_refused:
        kept.append(self)
        return
    return self.real.close()


socket.was_refused = False
socket.connect = connect
socket.close = close
