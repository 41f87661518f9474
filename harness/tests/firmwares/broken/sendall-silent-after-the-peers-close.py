def sendall(self, data):
    try:
        self.real.sendall(data)
    except OSError as error:
        if error.args[0] not in (32, 104):
            raise


socket.sendall = sendall
