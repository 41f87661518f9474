def sending(method):
    def call(self, *arguments):
        result = method(self, *arguments)
        if self.limit:
            self.real.settimeout(None)
        return result

    return call


for name in ('send', 'sendall', 'write'):
    setattr(socket, name, sending(getattr(socket, name)))
