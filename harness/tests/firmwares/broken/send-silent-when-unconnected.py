def send(self, data):
    try:
        return self.real.send(data)
    except OSError as error:
        if error.args[0] != 107:
            raise
        return len(data)


socket.send = send
