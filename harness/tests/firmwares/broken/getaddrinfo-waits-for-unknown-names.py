import time


def getaddrinfo(host, port, *hints):
    try:
        return below.getaddrinfo(host, port, *hints)
    except OSError:
        time.sleep(30)
        raise


module.getaddrinfo = getaddrinfo
