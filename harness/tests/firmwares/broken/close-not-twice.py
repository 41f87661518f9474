def close(self):
    if getattr(self, 'closed', False):
        raise OSError(9)
    self.closed = True
    return self.real.close()


socket.close = close
