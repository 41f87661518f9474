kept = []


def connect(self, address):
    try:
        return self.real.connect(address)
    except OSError:
        self.was_refused = True
        raise


def close(self):
    if self.was_refused:
        kept.append(self)
        return
    return self.real.close()


socket.was_refused = False
socket.connect = connect
socket.close = close
