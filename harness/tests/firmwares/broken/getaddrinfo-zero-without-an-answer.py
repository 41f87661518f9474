def getaddrinfo(host, port, *hints):
    try:
        return below.getaddrinfo(host, port, *hints)
    except OSError:
        return [(2, 1, 0, host, ('0.0.0.0', port))]


module.getaddrinfo = getaddrinfo
