accepting = socket.accept
limiting = socket.settimeout


def settimeout(self, value):
    self.was_zero = self.was_zero or value == 0
    return limiting(self, value)


def accept(self):
    if self.limit is not None or not self.was_zero:
        return accepting(self)
    self.real.settimeout(0)
    try:
        return accepting(self)
    finally:
        self.real.settimeout(None)


socket.was_zero = False
socket.settimeout = settimeout
socket.accept = accept
