def close(self):
    pass


socket.close = close
