def getaddrinfo(host, port, family, type):
    return below.getaddrinfo(host, port, family, type)


module.getaddrinfo = getaddrinfo
