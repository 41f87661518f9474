def setsockopt(self, level, optname, value):
    pass


socket.setsockopt = setsockopt
