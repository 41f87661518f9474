def sendall(self, data):
    if not isinstance(data, (str, bytes, bytearray, memoryview)):
        self.spoilt = True
    elif not self.spoilt:
        return self.real.sendall(data)
    return None if isinstance(data, (str, bytes, bytearray, memoryview)) else None


socket.spoilt = False
socket.sendall = sendall
