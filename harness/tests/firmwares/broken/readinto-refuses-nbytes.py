def readinto(self, buf):
    return self.real.readinto(buf)


socket.readinto = readinto
