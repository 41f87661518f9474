def twice(method):
    def call(self, *arguments):
        try:
            return method(self, *arguments)
        except OSError as error:
            if error.args[0] != 110:
                raise
        return method(self, *arguments)

    return call


for name in 'accept recv recvfrom read readinto readline'.split():
    setattr(socket, name, twice(getattr(socket, name)))
