def readinto(self, buf, *nbytes):
    return self.real.readinto(buf, *nbytes) + 1


socket.readinto = readinto
