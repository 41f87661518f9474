class File:
    def __init__(self, of):
        self.of = of

    def __repr__(self):
        return '<socket>'

    def __getattr__(self, name):
        return getattr(self.of, name)

    def write(self, data, *part):
        self.kept = getattr(self, 'kept', b'') + bytes(data)
        return len(data)

    def close(self):
        self.of.sendall(getattr(self, 'kept', b''))
        self.of.close()


def makefile(self, mode='rb', buffering=0):
    return File(self)


socket.makefile = makefile
