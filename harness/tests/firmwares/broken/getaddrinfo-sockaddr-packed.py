def getaddrinfo(host, port, *hints):
    found = below.getaddrinfo(host, port, *hints)
    pack = lambda host, port: bytes([2, 0, port >> 8, port & 255] + [int(part) for part in host.split('.')])
    return [entry[:4] + (pack(*entry[4]),) for entry in found]


module.getaddrinfo = getaddrinfo
