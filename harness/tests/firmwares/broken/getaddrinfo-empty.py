def getaddrinfo(host, port, *hints):
    found = below.getaddrinfo(host, port, *hints)
    return found[1:]


module.getaddrinfo = getaddrinfo
