def getaddrinfo(host, port, *hints):
    try:
        below.getaddrinfo(host + '.test', port)
    except OSError:
        pass
    return below.getaddrinfo(host, port, *hints)


module.getaddrinfo = getaddrinfo
