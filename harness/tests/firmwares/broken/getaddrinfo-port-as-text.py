def getaddrinfo(host, port, *hints):
    found = below.getaddrinfo(host, port, *hints)
    return [entry[:4] + ((entry[4][0], str(entry[4][1])),) for entry in found]


module.getaddrinfo = getaddrinfo
