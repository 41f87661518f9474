def fileno(self):
    return -1 - self.real.fileno()


socket.fileno = fileno
