def readinto(self, buf, *nbytes):
    return self.real.readinto(bytearray(buf), *nbytes)


socket.readinto = readinto
