def getaddrinfo(host, port, *hints):
    if host.replace('.', '').isdigit():
        return below.getaddrinfo(host, port, *hints)
    return [(2, 1, 0, host, ('0.0.0.0', port))]


module.getaddrinfo = getaddrinfo
