def makefile(self, mode, buffering):
    return self


socket.makefile = makefile
