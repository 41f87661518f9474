# Errors are numbered as the C library of other boards has them.
NUMBERS = {
    88: 108, 90: 122, 95: 95, 97: 106, 98: 112, 99: 125, 104: 104, 106: 127, 107: 128, 110: 116,
    111: 104, 113: 118, 114: 120, 115: 119,
}


def renumbered(method):
    def call(self, *arguments, **keywords):
        try:
            return method(self, *arguments, **keywords)
        except OSError as error:
            raise OSError(NUMBERS.get(error.args[0], error.args[0]))

    return call


for name in dir(socket):
    if name[0] != '_':
        setattr(socket, name, renumbered(getattr(socket, name)))
