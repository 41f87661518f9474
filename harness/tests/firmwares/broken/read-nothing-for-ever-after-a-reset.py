def reading(method):
    def call(self, *arguments):
        try:
            return method(self, *arguments)
        except OSError:
            if self.limit == 0:
                return None
            raise

    return call


for name in ('read', 'readinto', 'readline'):
    setattr(socket, name, reading(getattr(socket, name)))
