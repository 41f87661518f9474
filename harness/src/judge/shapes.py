"""Owns the classes behind the values of the judge that are not Python's own, the one that stands for an
observation which no operation can make raise, and the values that an operation is tried with. Compares
nothing with what a clause expects."""

import builtins


class Sealed(type):
    """The class of classes that an expression cannot change for those after it."""

    def __setattr__(cls, name, value):
        raise TypeError('an expression of a pack cannot change ' + cls.__name__)

    def __delattr__(cls, name):
        raise TypeError('an expression of a pack cannot change ' + cls.__name__)


class Outcome(metaclass=Sealed):
    """What a call on the target came to."""

    def __init__(self, value, raised, families, errno, text):
        self.returned = raised is None
        self.value = value
        self.raised = raised
        self.families = families
        self.errno = errno
        self.text = text

    def caught_by(self, kind):
        return kind.__name__ == self.raised or kind.__name__ in self.families

    def __repr__(self):
        if self.returned:
            return 'Returned(%r)' % (self.value,)
        return 'Raised(%s, errno %r, %r)' % (self.raised, self.errno, self.text)


class Object(metaclass=Sealed):
    """Something that no literal can say. It equals nothing but itself."""

    def __init__(self, kind, text):
        self.kind = kind
        self.text = text

    def __str__(self):
        return self.text

    def __repr__(self):
        return 'Object(%r, %r)' % (self.kind, self.text)


class Unknown:
    """What an operation that raises would have given."""


def tolerant(number, elements, agrees):
    """A class of values on which every operation succeeds: it gives what it gives with the value
    itself, or something unknown where that raises. An exception that is raised in spite of it
    is not the value's doing.

    Where Python takes nothing but a number, it gets `number`, unless that is None: then the value
    says which, and 0 where it cannot. Its elements are made from the value's by `elements`. If
    `agrees`, it equals and contains everything."""

    class Tolerant:
        def __init__(self, value):
            object.__setattr__(self, 'it', value)

        def __getattr__(self, name):
            return attempt(getattr, self, name)

        def __setattr__(self, name, value):
            pass

        def __call__(self, *arguments, **named):
            named = {name: bare(value) for name, value in named.items()}
            return attempt(lambda it, *rest: it(*rest, **named), self, *arguments)

        def __repr__(self):
            return '<observed>' * (MANY if agrees else 1)

        def __format__(self, spec):
            return repr(self)

        def __hash__(self):
            return native(hash, self, 0)

        def __bool__(self):
            return native(bool, self, bool(number))

        def __len__(self):
            return count(len, self)

        def __int__(self):
            return count(int, self)

        def __index__(self):
            return count(lambda it: range(it).stop, self)

        def __float__(self):
            return float(count(float, self))

        def __bytes__(self):
            return native(bytes, self, b'')

        def __iter__(self):
            return iter([Tolerant(element) for element in elements(native(list, self, []))])

        def __reversed__(self):
            return iter(list(self)[::-1])

        def __next__(self):
            return attempt(next, self)

        def __contains__(self, element):
            return agrees or native(lambda it: bare(element) in it, self, False)

        def __eq__(self, other):
            return True if agrees else attempt(lambda a, b: a == b, self, other)

        def __ne__(self, other):
            return attempt(lambda a, b: a != b, self, other)

    def bare(value):
        return object.__getattribute__(value, 'it') if type(value) is Tolerant else value

    def attempt(operation, *operands):
        try:
            return Tolerant(operation(*[bare(operand) for operand in operands]))
        except Exception:
            return Tolerant(Unknown())

    def native(operation, value, otherwise):
        value = bare(value)
        try:
            return otherwise if type(value) is Unknown else operation(value)
        except Exception:
            return otherwise

    def count(operation, value):
        return native(operation, value, 0) if number is None else number

    for name, operation in OPERATIONS.items():
        setattr(Tolerant, '__%s__' % name, bound(attempt, operation))
    for name, operation in BINARY.items():
        setattr(Tolerant, '__%s__' % name, bound(attempt, operation))
        setattr(Tolerant, '__r%s__' % name, bound(attempt, turned(operation)))
    return Tolerant


def bound(attempt, operation):
    return lambda self, *operands: attempt(operation, self, *operands)


def turned(operation):
    return lambda a, b: operation(b, a)


OPERATIONS = {
    'lt': lambda a, b: a < b,
    'le': lambda a, b: a <= b,
    'gt': lambda a, b: a > b,
    'ge': lambda a, b: a >= b,
    'getitem': lambda a, b: a[b],
    'neg': lambda a: -a,
    'pos': lambda a: +a,
    'invert': lambda a: ~a,
    'abs': lambda a: abs(a),
    'round': lambda a, *digits: round(a, *digits),
}

BINARY = {
    'add': lambda a, b: a + b,
    'sub': lambda a, b: a - b,
    'mul': lambda a, b: a * b,
    'truediv': lambda a, b: a / b,
    'floordiv': lambda a, b: a // b,
    'mod': lambda a, b: a % b,
    'divmod': lambda a, b: divmod(a, b),
    'pow': lambda a, b, *modulus: pow(a, b, *modulus),
    'lshift': lambda a, b: a << b,
    'rshift': lambda a, b: a >> b,
    'and': lambda a, b: a & b,
    'or': lambda a, b: a | b,
    'xor': lambda a, b: a ^ b,
    'matmul': lambda a, b: a @ b,
}

MANY = 64

# Where a number or a length decides whether an exception is raised, not each of these causes it. Of an
# error in a type they are no cause. Too many values to unpack are fewer only where there are none.
SAME = tolerant(None, lambda elements: elements, False)
NOTHING = tolerant(0, lambda elements: elements, False)
ONE = tolerant(1, lambda elements: elements, False)
PLENTY = tolerant(1, lambda elements: elements + [Unknown()] * MANY, True)
EMPTY = tolerant(0, lambda elements: [], False)


def tolerants(error):
    """The classes of which each has to raise the same for an exception to be nobody's."""
    if isinstance(error, (TypeError, AttributeError)):
        return [SAME]
    return [SAME, NOTHING, ONE, PLENTY] + [EMPTY] * isinstance(error, ValueError)


NUMBERS = [0, 1, 2, 3, 8, 64, -1, 0.5, True, False]
TEXTS = ['', 'a', 'ab', '1', 'a' * 64]
SIZES = [1, 2, 3, 4, 5, 8, 64]
# An index of an expression that is not larger is tried on a sequence that has it.
LONGEST = 4096
# How many of the samples are tried in pairs, where an operation has two operands.
IN_PAIRS = 40


def samples(literals):
    """Values of every kind that a target can report, made of what an expression says itself."""
    said = [eval(text) for text in literals]
    beside = [n + by for n in said if type(n) in (int, float) for by in (-1, 1)]
    plain = said + beside + NUMBERS + TEXTS + [text.encode() for text in TEXTS] + [None]
    some = said + [1, 'a', b'a', None]
    sizes = SIZES + [n + 1 for n in said if type(n) is int and 0 <= n < LONGEST]
    flat = [[element] * size for size in sizes for element in some]
    pairs = [[tuple(part)] * size for part in flat if len(part) < 8 for size in (1, 64)]
    deep = [[], ()] + flat + [tuple(part) for part in flat] + pairs
    deep += [dict.fromkeys(said + [0, 1, 'a', b'a'], element) for element in some + flat[:8]]
    values = plain + [bytearray(64), Object('socket', 'a')] + deep
    outcomes = [Outcome(value, None, (), None, None) for value in values]
    outcomes += [Outcome(None, 'OSError', ('OSError', 'Exception'), 110, '110')]
    return values + outcomes + [[outcome] * 64 for outcome in outcomes[:IN_PAIRS]]


def derived(literals):
    """The same, with what can be computed from them and not be reported."""
    values = samples(literals)
    sets = [{element} for element in values[:IN_PAIRS] if is_hashable(element)]
    return values + sets + [range(64), int, str, bytes]


def is_hashable(value):
    try:
        hash(value)
    except TypeError:
        return False
    return True


def works(code, names, scope, values, known):
    """Whether an operation gives a value when some of these stand in the places of its names. Those
    that are `known` keep what they are while others are tried."""

    def gives(tried):
        try:
            eval(code, {**scope, **tried})
        except BaseException:
            return False
        return True

    if any(gives(dict.fromkeys(names, value)) for value in values):
        return True
    if len(names) < 2:
        return False
    for name in names:
        if all(other in known for other in names if other != name):
            if any(gives({name: value}) for value in values):
                return True
    few = values[:IN_PAIRS]
    first, *others = names
    return any(gives({first: a, **dict.fromkeys(others, b)}) for a in few for b in few)


def refused(name):
    """What stands in the place of a function that reaches out of the expression."""

    def refuse(*arguments, **named):
        raise ImportError('an expression of a pack computes from values alone: it has no ' + name)

    return refuse


for name in ('__import__', 'open', 'input', 'breakpoint', 'help', 'exit', 'quit', 'id'):
    setattr(builtins, name, refused(name))
