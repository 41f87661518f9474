def recvfrom(self, bufsize):
    try:
        came = self.real.recvfrom(bufsize)
    except OSError:
        self.was_silent = True
        raise
    if self.was_silent:
        self.was_silent = False
        raise OSError(11)
    return came


socket.was_silent = False
socket.recvfrom = recvfrom
