def send(self, data):
    if isinstance(data, str):
        return self.real.send(data)
    self.real.send(bytes(data).replace(b'\n', b'\r\n'))
    return len(data)


socket.send = send
