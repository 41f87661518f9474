def write(self, data, *part):
    self.real.settimeout(0.1)
    try:
        self.real.send(data)
    except OSError as error:
        if error.args[0] != 110:
            raise
    finally:
        self.real.settimeout(None)
    return len(data)


socket.write = write
