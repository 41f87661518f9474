# Owns what Trueline puts on a target once a session: `_t`, which runs programs and reports
# on them. Does not judge anything.
#
# It has to run on every MicroPython since 1.9.2, on CPython and on RustPython, and to fit
# beside a program into the 9 kB that a micro:bit leaves. Hence the indentation by one, and
# hence the pieces: each `#:` line begins one that is compiled by itself, with all memory collected
# before it. The first one checks the others on their way; of these the long ones come first, while
# memory is in one piece. Lines that are only a comment are not sent. The session sets
# `_t_token`, and `_t_checks`: whether the line may lose or change bytes.
#
# A report is a line `TOKENname=value`, or `TOKENname=` when the value is what it was in the report
# of this name before it. Where the line is not to be trusted, what is printed is one as well,
# `TOKEN>'text'`, and what is read, `TOKEN<'text'`. The ending is a line `TOKEN!`, `TOKEN!Raised(…)`,
# or `TOKEN!damaged` when nothing was run because the call did not arrive whole. There it goes on with
# `,MS,LENGTH,SUM`: how long the program took by the target's own clock (-1 without one), over how
# many bytes of its reports the sum goes, this one included up to `MS`, and the sum, both in
# hexadecimal digits. Values are written as Python literals; `repr` writes no control bytes.
#
# `type('')`, not `str`: a runtime may put a subclass of its own under that name.
#: loading
try:
 from gc import collect as _t_collect
except ImportError:
 def _t_collect():
  pass
# Numbers that a small board has no need to allocate. `report_sum.rs` has the same sum.
def _t_sum(data, c):
 for b in data:
  c = (c * 251 + b) % 4194301
 return c
def _t_load(piece, total):
 b = bytes(piece, 'utf-8')
 if total != _t_sum(b, len(b)):
  raise ValueError('damaged')
 # What has been read for it and is of no use any more.
 _t_collect()
 exec(piece, globals())
#: constants
_t_print = print
_t_plain = [type(v) for v in (None, True, 0, .5, '', b'', bytearray())]
_t_list = type([])
_t_tuple = type(())
import builtins as _t_builtins
_t_known = 'OSError', 'TypeError', 'ValueError', 'AttributeError', 'NameError', 'ImportError', 'SyntaxError', 'IndexError', 'KeyError', 'MemoryError', 'NotImplementedError', 'OverflowError', 'RuntimeError', 'AssertionError', 'KeyboardInterrupt', 'SystemExit', 'Exception'
class _t_Outcome:
 pass
#: running
# Runs programs until an interrupt ends one. A program is its parts, which run one after the
# other in one namespace: text, the number of text that is kept, or both, to be kept. A program that
# is text alone is as the one before it, with this text in the place of the other. With `None`
# among them memory is collected before and after it. The sum of all parts begins with `n`, which differs from
# call to call. It is one function, as a small board's stack takes few calls.
def _t(n, total, *programs):
 _t_last.clear()
 whole = not _t_checks or _t_adds_up(n, total, programs)
 for parts in programs:
  if type(parts) is _t_tuple:
   like = parts
  else:
   parts = [x[0] if type(x) is _t_tuple else x if type(x) is not type('') else parts for x in like]
  n += 1
  g = dict(_t_names)
  end = ''
  try:
   # Nothing is kept as -1.
   codes = [_t_code(x) for x in (parts if whole else (-1,)) if x is not None]
  except KeyError:
   codes = ()
   end = 'damaged'
  if None in parts:
   _t_collect()
  goes_on = True
  _t_said[:] = 0, n, _t_checks and _t_ms()
  try:
   for x in codes:
    exec(x, g)
  except BaseException as e:
   end = _t_raised(e)
   goes_on = not isinstance(e, KeyboardInterrupt)
  _t_say('!' + end, True)
  for v in list(g.values()):
   _t_close(v, 1)
  if None in parts:
   _t_collect()
  if not goes_on:
   break
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
#: reporting
# How many bytes the running program has reported, their sum, and when it would have begun
# without the time that reporting took.
_t_said = [0, 0, 0]
# In one piece, line end included: each piece of a `print` is written by itself.
def _t_say(text, ends=False):
 n, c, t = _t_said
 if _t_checks:
  now = _t_ms()
  if ends:
   # Where ticks begin anew they do so at a power of two that is not below this one.
   text += ',' + str(-1 if t is None else (now - t) & 0x3fffffff)
  b = bytes(text, 'utf-8')
  n += len(b)
  # Not by a call: a small board's stack takes few.
  for x in b:
   c = (c * 251 + x) % 4194301
  if ends:
   text += ',%x,%x' % (n, c)
 _t_print(_t_token + text + '\n', end='')
 # Not before: an interrupt may have broken the line off, and then it does not count. And at once:
 # a line that is out counts, and an interrupt comes where the program branches.
 _t_said[:] = n, c, t
 if _t_checks and t is not None:
  _t_said[2] = t + _t_ms() - now
#: what programs call
_t_last = {}
def _t_observe(**values):
 for n in values:
  v = _t_written(values[n])
  # What was said of the name last in this call need not be said again. An interrupt in between
  # leaves nothing that was said.
  _t_say(n + '=' + ('' if v == _t_last.pop(n, None) else v))
  _t_last[n] = v
# What a program prints comes as a report where the line is not to be trusted.
def _t_show(*a, sep=' ', end='\n', **k):
 if k:
  return _t_print(*a, sep=sep, end=end, **k)
 a = sep.join([str(v) for v in a]) + end
 # In pieces, as a long text takes its memory several times.
 for n in range(0, len(a), 99):
  _t_say('>' + repr(a[n:n + 99]))
# What a program gets from its input is reported, so that what it got damaged is noticed.
def _t_input(*a):
 v = input(*a)
 _t_say('<' + repr(v))
 return v
#: parts
# Parts of programs by their numbers, compiled where that can be done.
_t_kept = {}
def _t_code(x):
 if type(x) is _t_tuple:
  n, x = x
  try:
   x = compile(x, '<string>', 'exec')
  except Exception:
   # What does not compile says so when it is run.
   pass
  _t_kept[n] = x
 return _t_kept[x] if type(x) is type(0) else x
def _t_adds_up(c, total, programs):
 for p in programs:
  for x in p if type(p) is _t_tuple else (p,):
   for y in x if type(x) is _t_tuple else (x,):
    b = bytes(str(y), 'utf-8')
    c = _t_sum(b, c + len(b))
 return c == total
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
 return 'Raised(%r,%r,%r,%r)' % (_t_kind(e), tuple([k for k in _t_known if isinstance(e, getattr(_t_builtins, k, ()))]), n, _t_text(e))
#: outcomes
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
#: closing
import sys as _t_sys
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
#: telling the time
# Nothing of its own where the firmware has what is needed: memory is scarce.
try:
 from utime import ticks_ms as _t_ms
except ImportError:
 import time as _t_time
 if hasattr(_t_time, 'ticks_ms'):
  _t_ms = _t_time.ticks_ms
 else:
  def _t_ms():
   if hasattr(_t_time, 'monotonic'):
    return int(_t_time.monotonic() * 1000)
#: names
# What a program finds in its namespace.
_t_names = {'__name__': '__main__', 'observe': _t_observe, 'outcome': _t_outcome}
if _t_checks:
 _t_names['print'] = _t_show
 _t_names['input'] = _t_input
