import builtins
find = builtins.__import__


def refuse(name, *arguments):
    if name == 'usocket':
        raise ImportError("no module named 'usocket'")
    return find(name, *arguments)


builtins.__import__ = refuse
