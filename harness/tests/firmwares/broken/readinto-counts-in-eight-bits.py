def readinto(self, buf, *nbytes):
    return self.real.readinto(buf, *[count & 255 if isinstance(count, int) else count for count in nbytes])


socket.readinto = readinto
