def recvfrom(self, bufsize):
    data, address = self.real.recvfrom(bufsize)
    return data.split(b'\0')[0], address


socket.recvfrom = recvfrom
