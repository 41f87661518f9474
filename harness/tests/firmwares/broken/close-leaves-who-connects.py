kept = []


def connect(self, address):
    try:
        return self.real.connect(address)
    except OSError as error:
        self.is_under_way = error.args[0] == 115
        raise


def send(self, data):
    count = self.real.send(data)
    self.is_under_way = False
    return count


def close(self):
    if self.is_under_way:
        kept.append(self)
        return
    return self.real.close()


socket.is_under_way = False
socket.connect = connect
socket.send = send
socket.close = close
