def makefile(self, mode='rb', buffering=0):
    if buffering is not None and buffering < 0:
        raise ValueError('buffering')
    return self


socket.makefile = makefile
