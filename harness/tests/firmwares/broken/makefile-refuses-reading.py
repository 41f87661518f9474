def makefile(self, mode='wb', buffering=0):
    if mode != 'wb':
        raise ValueError('mode')
    return self


socket.makefile = makefile
