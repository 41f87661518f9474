def __del__(self):
    raise OSError(9)


socket.__del__ = __del__
