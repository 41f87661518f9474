def readinto(self, buf, *nbytes):
    if nbytes and nbytes[0] > len(buf):
        raise ValueError('buffer too small')
    return self.real.readinto(buf, *nbytes)


socket.readinto = readinto
