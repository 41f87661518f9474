def settimeout(self, value):
    pass


socket.settimeout = settimeout
