def getaddrinfo(host, port, *hints):
    found = below.getaddrinfo(host, port, *hints)
    return [entry[:3] + entry[4:] for entry in found]


module.getaddrinfo = getaddrinfo
