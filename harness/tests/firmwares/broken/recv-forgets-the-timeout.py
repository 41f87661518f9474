def receiving(method):
    def call(self, *arguments):
        result = method(self, *arguments)
        if self.limit:
            self.real.settimeout(None)
        return result

    return call


for name in ('recv', 'read', 'readinto', 'readline'):
    setattr(socket, name, receiving(getattr(socket, name)))
