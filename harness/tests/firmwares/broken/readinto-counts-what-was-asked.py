def readinto(self, buf, *nbytes):
    self.real.readinto(buf, *nbytes)
    return nbytes[0] if nbytes else len(buf)


socket.readinto = readinto
