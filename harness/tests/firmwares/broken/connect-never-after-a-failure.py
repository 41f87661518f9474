failed = []


def connect(self, address):
    if failed:
        raise OSError(104)
    try:
        return self.real.connect(address)
    except OSError as error:
        if error.args[0] != 115:
            failed.append(address)
        raise


socket.connect = connect
