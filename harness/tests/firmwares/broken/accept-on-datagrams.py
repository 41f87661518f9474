import time


def accept(self):
    while True:
        try:
            conn, address = self.real.accept()
            return around(conn), address
        except OSError as error:
            if error.args[0] != 95:
                raise
            time.sleep(0.01)


socket.accept = accept
