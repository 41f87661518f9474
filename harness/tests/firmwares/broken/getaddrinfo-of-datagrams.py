def getaddrinfo(host, port, *hints):
    found = below.getaddrinfo(host, port, *hints)
    return [(entry[0], 2) + entry[2:] for entry in found]


module.getaddrinfo = getaddrinfo
