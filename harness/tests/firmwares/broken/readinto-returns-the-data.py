def readinto(self, buf, *nbytes):
    return bytes(buf[:self.real.readinto(buf, *nbytes)])


socket.readinto = readinto
