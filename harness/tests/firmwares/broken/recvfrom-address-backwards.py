def recvfrom(self, bufsize):
    data, (host, port) = self.real.recvfrom(bufsize)
    return data, ('.'.join(host.split('.')[::-1]), port)


socket.recvfrom = recvfrom
