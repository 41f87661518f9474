def getaddrinfo(host, port, *hints):
    if not port:
        raise OSError(-201)
    return below.getaddrinfo(host, port, *hints)


module.getaddrinfo = getaddrinfo
