def sendall(self, data):
    try:
        return self.real.sendall(data)
    except OSError as error:
        if error.args[0] != 110:
            raise


socket.sendall = sendall
