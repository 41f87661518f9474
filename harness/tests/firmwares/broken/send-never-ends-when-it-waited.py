import time


def send(self, data):
    start = time.ticks_ms()
    count = self.real.send(data)
    while time.ticks_diff(time.ticks_ms(), start) > 1000:
        time.sleep(0.5)
    return count


def sendall(self, data):
    while data:
        data = data[self.send(data):]


def write(self, data):
    self.sendall(data)
    return len(data)


socket.send = send
socket.sendall = sendall
socket.write = write
