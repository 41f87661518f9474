def readinto(self, buf, *nbytes):
    return self.real.readinto(buf)


socket.readinto = readinto
