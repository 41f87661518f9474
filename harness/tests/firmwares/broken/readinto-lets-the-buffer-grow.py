def readinto(self, buf, *nbytes):
    if nbytes and isinstance(buf, bytearray) and nbytes[0] > len(buf):
        data = self.real.read(nbytes[0])
        buf[:] = data + bytes(max(0, len(buf) - len(data)))
        return len(data)
    return self.real.readinto(buf, *nbytes)


socket.readinto = readinto
