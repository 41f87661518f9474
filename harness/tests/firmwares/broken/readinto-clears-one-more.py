def readinto(self, buf, *nbytes):
    count = self.real.readinto(buf, *nbytes)
    if count is not None and count < len(buf):
        buf[count] = 0
    return count


socket.readinto = readinto
