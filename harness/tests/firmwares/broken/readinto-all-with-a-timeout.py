below_it = socket.readinto


def readinto(self, buf, *nbytes):
    return below_it(self, buf, *(() if self.limit else nbytes))


socket.readinto = readinto
