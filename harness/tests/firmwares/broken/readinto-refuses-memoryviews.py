def readinto(self, buf, *nbytes):
    if not isinstance(buf, bytearray):
        raise TypeError('bytearray expected')
    return self.real.readinto(buf, *nbytes)


socket.readinto = readinto
