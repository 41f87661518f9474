def recvfrom(self, bufsize):
    try:
        came = self.real.recvfrom(bufsize)
        if getattr(self, 'late', False):
            self.late = False
            came = self.real.recvfrom(bufsize)
        return came
    except OSError as error:
        self.late = error.args[0] == 110
        raise


socket.recvfrom = recvfrom
