def getaddrinfo(host, port, *hints):
    found = below.getaddrinfo(host, port, *hints)
    swap = lambda number: number >> 8 | (number & 255) << 8
    return [entry[:4] + ((entry[4][0], swap(entry[4][1])),) for entry in found]


module.getaddrinfo = getaddrinfo
