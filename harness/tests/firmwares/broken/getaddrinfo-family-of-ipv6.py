def getaddrinfo(host, port, *hints):
    found = below.getaddrinfo(host, port, *hints)
    return [(0,) + entry[1:] for entry in found]


module.getaddrinfo = getaddrinfo
