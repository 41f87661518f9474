class File(socket):
    def __del__(self):
        self.real.close()


def makefile(self, mode='rb', buffering=0):
    made = File.__new__(File)
    made.real = self.real
    return made


socket.makefile = makefile
