answers = {}


def getaddrinfo(host, port, *hints):
    if port not in answers:
        answers[port] = below.getaddrinfo(host, port, *hints)
    return answers[port]


module.getaddrinfo = getaddrinfo
