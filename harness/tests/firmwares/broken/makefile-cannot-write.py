class File:
    def __init__(self, of):
        self.of = of

    def __repr__(self):
        return '<socket>'

    def __getattr__(self, name):
        return getattr(self.of, name)

    def write(self, data, *part):
        return len(data)


def makefile(self, mode='rb', buffering=0):
    return File(self)


socket.makefile = makefile
