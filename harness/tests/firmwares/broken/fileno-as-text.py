def fileno(self):
    return str(self.real.fileno())


socket.fileno = fileno
