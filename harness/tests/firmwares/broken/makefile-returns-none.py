def makefile(self, mode='rb', buffering=0):
    return None


socket.makefile = makefile
