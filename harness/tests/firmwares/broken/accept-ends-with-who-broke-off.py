def accept(self):
    conn, address = self.real.accept()
    conn.setblocking(False)
    try:
        conn.recv(1)
    except OSError as error:
        if error.args[0] != 11:
            self.real.close()
            raise
    conn.setblocking(True)
    return around(conn), address


socket.accept = accept
