import time


def accept(self):
    while True:
        start = time.ticks_ms()
        conn, address = self.real.accept()
        if time.ticks_ms() - start < 500:
            return around(conn), address
        conn.close()


socket.accept = accept
