import time


def getaddrinfo(host, port, *hints):
    start = time.ticks_ms()
    given = below.getaddrinfo(host, port, *hints)
    if time.ticks_ms() - start > 600:
        raise OSError(-202)
    return given


module.getaddrinfo = getaddrinfo
