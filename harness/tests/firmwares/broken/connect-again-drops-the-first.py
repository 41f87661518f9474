def connect(self, address):
    if self.is_under_way:
        self.real.close()
    try:
        return self.real.connect(address)
    except OSError as error:
        self.is_under_way = error.args[0] == 115
        raise


socket.is_under_way = False
socket.connect = connect
