def getaddrinfo(host, port, *hints):
    found = below.getaddrinfo(host, port, *hints)
    turn = lambda text: '.'.join(text.split('.')[::-1])
    return [entry[:4] + ((turn(entry[4][0]), entry[4][1]),) for entry in found]


module.getaddrinfo = getaddrinfo
