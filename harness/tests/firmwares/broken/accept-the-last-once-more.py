def accept(self):
    try:
        conn, address = self.real.accept()
    except OSError as error:
        if error.args[0] != 110 or not hasattr(self, 'last'):
            raise
        return self.last
    self.last = around(conn), address
    return self.last


socket.accept = accept
