def getaddrinfo(host, port, *hints):
    found = below.getaddrinfo(host, port, *hints)
    return [(entry[0], 0) + entry[2:] for entry in found]


module.getaddrinfo = getaddrinfo
