def connect(self, address):
    try:
        self.real.connect(address)
    except OSError as error:
        if error.args[0] != 110:
            raise


socket.connect = connect
