def send(self, data):
    try:
        return self.real.send(data)
    except OSError as error:
        raise OSError(110) if error.args[0] == 11 else error


socket.send = send
