def recvfrom(self, bufsize):
    try:
        return self.real.recvfrom(bufsize)
    except OSError:
        self.was_silent = True
        raise


def sendto(self, data, address):
    if self.was_silent:
        raise OSError(110)
    return self.real.sendto(data, address)


socket.was_silent = False
socket.recvfrom = recvfrom
socket.sendto = sendto
