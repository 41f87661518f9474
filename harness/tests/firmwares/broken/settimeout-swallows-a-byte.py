def swallowing(way):
    def call(self, data):
        if self.limit and len(data) == 1:
            return 1
        return getattr(self.real, way)(data)
    return call


for way in ('send', 'sendall', 'write'):
    setattr(socket, way, swallowing(way))
