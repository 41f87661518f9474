def getaddrinfo(host, port, *hints):
    found = below.getaddrinfo(host, port, *hints)
    return tuple(found)


module.getaddrinfo = getaddrinfo
