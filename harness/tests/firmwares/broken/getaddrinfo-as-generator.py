def getaddrinfo(host, port, *hints):
    found = below.getaddrinfo(host, port, *hints)
    return (entry for entry in found)


module.getaddrinfo = getaddrinfo
