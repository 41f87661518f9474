def send(self, data):
    if not isinstance(data, (str, bytes, bytearray, memoryview)):
        self.spoilt = True
    elif not self.spoilt:
        return self.real.send(data)
    return len(data) if isinstance(data, (str, bytes, bytearray, memoryview)) else None


socket.spoilt = False
socket.send = send
