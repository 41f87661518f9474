def getaddrinfo(host, port, *hints):
    found = below.getaddrinfo(host, port, *hints)
    sign = lambda number: number - 65536 if number > 32767 else number
    return [entry[:4] + ((entry[4][0], sign(entry[4][1])),) for entry in found]


module.getaddrinfo = getaddrinfo
