# Timeouts are counted in steps of 100 ms, one more than were asked for. A time that is shorter
# than a step ends with the number of a socket that does not block.
def settimeout(self, value):
    self.steps = None
    if value is None or not value > 0:
        return self.real.settimeout(value)
    self.steps = int(value * 10)
    return self.real.settimeout((self.steps + 1) / 10)


def setblocking(self, flag):
    self.steps = None
    return self.real.setblocking(flag)


def polled(method):
    def call(self, *arguments):
        try:
            return method(self, *arguments)
        except OSError as error:
            if error.args[0] == 110 and self.steps == 0:
                raise OSError(11)
            raise

    return call


socket.steps = None
socket.settimeout = settimeout
socket.setblocking = setblocking
for name in 'accept connect recv recvfrom read readinto readline send sendall sendto write'.split():
    setattr(socket, name, polled(getattr(socket, name)))
