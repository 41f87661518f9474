def makefile(self, mode='rb', buffering=0):
    if mode != 'rb':
        raise ValueError('mode')
    return self


socket.makefile = makefile
