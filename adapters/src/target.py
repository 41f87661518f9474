# Owns what Trueline puts on a target once a session: `_t`, which runs a program and reports
# on it. Does not judge anything.
#
# It has to run on every MicroPython since 1.9.2, on CPython and on RustPython, and to fit
# beside a program into the 9 kB that a micro:bit leaves. Hence the indentation by one, and
# hence the pieces: each `#:` line begins one that is compiled by itself, and all but the
# first, which checks the others on their way, end with `_t_collect()`. Lines that are only a
# comment are not sent. The session sets `_t_token`.
#
# A report is a line `TOKENname=value`, the ending a line `TOKEN!ok`, `TOKEN!Raised(…)`, or
# `TOKEN!damaged` when the program did not arrive whole. Values are written as Python
# literals; `repr` writes no control bytes.
#
# `type('')`, not `str`: a runtime may put a subclass of its own under that name.
#: loading
# `total` is the sum of the text's bytes: a line may lose some.
def _t_load(piece, total):
 if total != sum(bytes(piece, 'utf-8')):
  raise ValueError('damaged')
 exec(piece, globals())
#: constants
try:
 from gc import collect as _t_collect
except ImportError:
 def _t_collect():
  pass
_t_print = print
_t_plain = [type(v) for v in (None, True, 0, .5, '', b'', bytearray())]
_t_list = type([])
_t_tuple = type(())
_t_known = []
for _t_name in ('OSError', 'TypeError', 'ValueError', 'AttributeError', 'NameError', 'ImportError', 'SyntaxError', 'IndexError', 'KeyError', 'MemoryError', 'NotImplementedError', 'OverflowError', 'RuntimeError', 'AssertionError', 'KeyboardInterrupt', 'SystemExit', 'Exception'):
 try:
  _t_known.append((_t_name, eval(_t_name)))
 except NameError:
  pass
class _t_Outcome:
 pass
_t_collect()
#: descriptions
# Old firmware has no `__name__` on classes that are written in Python.
def _t_kind(v):
 try:
  return type(v).__name__
 except AttributeError:
  return str(type(v)).split("'")[1]
def _t_text(v):
 try:
  return str(v)
 except Exception as e:
  return _t_kind(e)
def _t_raised(e):
 a = getattr(e, 'args', ())
 n = a[0] if a and type(a[0]) is type(0) else None
 return 'Raised(%r,%r,%r,%r)' % (_t_kind(e), tuple([k for k, c in _t_known if isinstance(e, c)]), n, _t_text(e))
_t_collect()
#: values
# Loops, not comprehensions: those are calls, and a small board's stack takes few. A flat
# sequence needs no call at all.
def _t_written(v):
 t = type(v)
 if t in _t_plain:
  return repr(v)
 r = ''
 if t is _t_list or t is _t_tuple:
  for x in v:
   if type(x) not in _t_plain:
    break
  else:
   return repr(v)
  for x in v:
   r += _t_written(x) + ','
  return '[' + r + ']' if t is _t_list else '(' + r + ')'
 if t is type({}):
  for k in v:
   r += _t_written(k) + ':' + _t_written(v[k]) + ','
  return '{' + r + '}'
 if t is _t_Outcome:
  return 'Returned(' + _t_written(v.value) + ')' if v.returned else _t_raised(v.value)
 if _t_kind(v) == 'memoryview':
  return repr(bytes(v))
 # A member of an enumeration is the int that it is.
 if isinstance(v, int):
  return repr(int(v))
 return 'Object(%r,%r)' % (_t_kind(v), _t_text(v))
_t_collect()
#: what programs call
# In one piece, line end included: each piece of a `print` is written by itself.
def _t_say(text):
 _t_print(_t_token + text + '\n', end='')
def _t_observe(**values):
 for n in values:
  _t_say(n + '=' + _t_written(values[n]))
# Where exceptions know the calls that they passed, and with them all names of the program, the
# program would keep its outcome and the outcome the program, which not every collector finds.
_t_traced = hasattr(Exception(), '__traceback__')
def _t_outcome(f, *a):
 o = _t_Outcome()
 o.returned = False
 try:
  o.value = f(*a)
  o.returned = True
 except Exception as e:
  if _t_traced:
   e.__traceback__ = None
  o.value = e
 return o
_t_collect()
#: closing
# `deep` is how many levels of lists and tuples are looked into.
def _t_close(v, deep):
 t = type(v)
 if t is _t_list or t is _t_tuple:
  if deep:
   for x in v:
    _t_close(x, deep - 1)
 elif t is _t_Outcome:
  _t_close(v.value, deep)
 elif t is not type(_t_sys):
  try:
   # An exception costs more than the question.
   if hasattr(v, 'close'):
    v.close()
  except:
   pass
_t_collect()
#: running
import sys as _t_sys
# Without `total`, the line does not lose bytes. `parts` are the source in pieces, some of them
# compiled, where that is done on the target's side. Says whether the next program may run: not when
# an interrupt ended this one.
def _t(source, total=None, parts=None):
 goes_on = True
 g = {'__name__': '__main__', 'observe': _t_observe, 'outcome': _t_outcome}
 end = 'ok'
 try:
  if total is None or total == sum(bytes(source, 'utf-8')):
   for part in parts or (source,):
    exec(part, g)
  else:
   end = 'damaged'
 except BaseException as e:
  end = _t_raised(e)
  goes_on = not isinstance(e, KeyboardInterrupt)
 _t_say('!' + end)
 for v in list(g.values()):
  _t_close(v, 1)
 # As in `print(s.makefile())`: a file of a socket that no name holds closes its descriptor when it
 # is collected, which would be another socket's by then.
 if '(s.makefile' in source:
  _t_collect()
 return goes_on
_t_collect()
