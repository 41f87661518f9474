def setsockopt(self, level, optname, value):
    raise OSError(92)


socket.setsockopt = setsockopt
