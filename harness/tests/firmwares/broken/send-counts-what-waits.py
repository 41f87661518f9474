def send(self, data):
    data = data.encode() if isinstance(data, str) else bytes(data)
    self.real.settimeout(0.03)
    try:
        return self.real.send(data)
    except OSError as error:
        if error.args[0] != 110:
            raise
        return min(len(data), 536)
    finally:
        self.real.settimeout(None)


socket.send = send
