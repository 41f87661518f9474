import time


def send(self, data):
    try:
        return self.real.send(data)
    except OSError as error:
        while error.args[0] in (32, 104):
            time.sleep(0.5)
        raise


def sendall(self, data):
    while data:
        data = data[self.send(data):]


def write(self, data):
    self.sendall(data)
    return len(data)


socket.send = send
socket.sendall = sendall
socket.write = write
