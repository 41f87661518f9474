def getaddrinfo(host, port, *hints):
    found = below.getaddrinfo(host, port, *hints)
    return [entry[:4] + (list(entry[4]),) for entry in found]


module.getaddrinfo = getaddrinfo
