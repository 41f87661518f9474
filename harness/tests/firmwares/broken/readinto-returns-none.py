def readinto(self, buf, *nbytes):
    self.real.readinto(buf, *nbytes)


socket.readinto = readinto
