def accept(self):
    try:
        conn, address = self.real.accept()
    except OSError as error:
        if error.args[0] != 22:
            raise
        self.real.listen(1)
        conn, address = self.real.accept()
    return around(conn), address


socket.accept = accept
