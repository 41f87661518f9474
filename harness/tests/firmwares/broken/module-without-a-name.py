class Nameless:
    pass


nameless = Nameless()
for name in dir(module):
    if name[0] != '_':
        setattr(nameless, name, getattr(module, name))
sys.modules['usocket'] = sys.modules['socket'] = nameless
