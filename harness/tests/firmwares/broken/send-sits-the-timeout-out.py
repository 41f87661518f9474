import time


def sending(method):
    def call(self, data):
        try:
            return method(self, data)
        except OSError as error:
            if self.limit and error.args[0] in (32, 104):
                time.sleep(self.limit)
            raise

    return call


for name in ('send', 'sendall', 'write'):
    setattr(socket, name, sending(getattr(socket, name)))
