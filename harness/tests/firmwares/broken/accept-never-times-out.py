def accept(self):
    while True:
        try:
            conn, address = self.real.accept()
            return around(conn), address
        except OSError as error:
            if error.args[0] != 110:
                raise


socket.accept = accept
