def readinto(self, buf, *nbytes):
    return self.real.readinto(buf, *nbytes) or None


socket.readinto = readinto
