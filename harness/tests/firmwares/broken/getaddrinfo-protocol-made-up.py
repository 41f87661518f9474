def getaddrinfo(host, port, *hints):
    found = below.getaddrinfo(host, port, *hints)
    return [entry[:2] + (1,) + entry[3:] for entry in found]


module.getaddrinfo = getaddrinfo
