def receiving(method):
    def call(self, *arguments):
        result = method(self, *arguments)
        if self.limit == 0 and result:
            self.real.setblocking(True)
        return result

    return call


for name in ('recv', 'read', 'readinto', 'readline'):
    setattr(socket, name, receiving(getattr(socket, name)))
