answer = []


def getaddrinfo(host, port, *hints):
    answer[:] = below.getaddrinfo(host, port, *hints)
    return answer


module.getaddrinfo = getaddrinfo
