below_it = socket.readline


def readline(self, *size):
    if not self.limit:
        return below_it(self, *size)
    line, self.part = getattr(self, 'part', b''), b''
    try:
        while True:
            one = self.recv(1)
            line += one
            if one in (b'', b'\n'):
                return line
    except OSError:
        self.part = line + line
        raise


socket.readline = readline
