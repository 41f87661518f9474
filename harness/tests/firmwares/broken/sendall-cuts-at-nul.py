def sendall(self, data):
    if not isinstance(data, str):
        data = bytes(data).split(b'\0')[0] if bytes(data) else b''
    return self.real.sendall(data)


socket.sendall = sendall
