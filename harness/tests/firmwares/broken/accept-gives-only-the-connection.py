def accept(self):
    return around(self.real.accept()[0])


socket.accept = accept
