def readinto(self, buf, *nbytes):
    try:
        return self.real.readinto(buf, *nbytes)
    except OSError as error:
        if error.args[0] != 104:
            raise
        return 0


socket.readinto = readinto
