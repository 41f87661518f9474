def readinto(self, buf, *nbytes):
    count = self.real.readinto(buf, *nbytes)
    for place in range(count or 0, len(buf)):
        buf[place] = 0
    return count


socket.readinto = readinto
