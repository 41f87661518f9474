def shown(self):
    return '<socket>' if self.real.fileno() >= 0 else '<socket closed>'


socket.__repr__ = shown
