kept = []


def one(cls, *arguments):
    if not kept:
        kept.append(object.__new__(cls))
    return kept[0]


socket.__new__ = one


def around(conn):
    made = object.__new__(socket)
    made.real = conn
    return made
