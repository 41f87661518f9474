def accept(self):
    try:
        conn, address = self.real.accept()
    except OSError as error:
        raise OSError(110) if error.args[0] == 11 else error
    return around(conn), address


socket.accept = accept
