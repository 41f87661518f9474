# Owns a target that misbehaves: it speaks raw REPL with raw paste on its terminal, runs nothing,
# and reports that every program has run, until one says `misbehave`. What it does then, its
# argument says.
import os
import re
import select
import signal
import sys
import time
import tty

BANNER = b'raw REPL; CTRL-B to exit\r\n>'
START = b'MicroPython v1.0 on 2017-01-01; actor\r\nType "help()" for more information.\r\n>>> '
END = b'!,0'
HOW = sys.argv[1]
signal.signal(signal.SIGINT, signal.SIG_IGN)
tty.setraw(0)
token = b''
first_sum = 0
leaves_raw = False


def say(data):
    while data:
        data = data[os.write(1, data):]


def byte():
    data = os.read(0, 1)
    if not data:
        sys.exit()
    return data


def friendly():
    while byte() != b'\x01':
        say(b'\r\n>>> ')
    say(BANNER)


def pasted():
    say(b'R\x01\x80\x00\x01')
    program = b''
    while (got := byte()) != b'\x04':
        program += got
        if len(program) % 128 == 0:
            say(b'\x01')
    say(b'\x04')
    return program


def misbehave():
    if HOW == 'die':
        say(b'half a li')
        sys.exit(7)
    if HOW == 'reset':
        say(b'half a line\r\n' + START)
        friendly()
    elif HOW == 'flood':
        os.set_blocking(1, False)
        while not (waiting() and byte() == b'\x03'):
            try:
                os.write(1, b'more and more\r\n' * 100)
            except BlockingIOError:
                time.sleep(.001)
        os.set_blocking(1, True)
        say(b'\x04\x04>')
    elif HOW == 'hang':
        while True:
            signal.pause()
    elif HOW == 'unreported':
        say(b'\x04NameError\r\n\x04>')
    elif HOW == 'forged':
        say(reported(b'a=open(1)', END) + b'\x04\x04>')
    elif HOW == 'cut':
        say(token + b'a=[1, ' + reported(END) + b'\x04\x04>')
    elif HOW == 'twice':
        say(reported(END, END) + b'\x04\x04>')
    elif HOW == 'unprompted':
        say(reported(END) + b'\x04\x04?')
    elif HOW == 'chatter':
        say(reported(END) + b'\x04\x04>tick')


def reported(*reports):
    """Reports as lines, every ending with length and sum of what comes up to it."""
    said, length, total = b'', 0, first_sum
    for report in reports:
        length += len(report)
        for byte in report:
            total = (total * 251 + byte) % 4194301
        said += token + report
        if report.startswith(b'!'):
            said += b',%x,%x' % (length, total)
        said += b'\r\n'
    return said


def waiting():
    return select.select([0], [], [], 0)[0]


def run(program):
    global token, first_sum, leaves_raw
    if found := re.search(rb"_t_token = [\\\\]*'(~\w+)", program):
        token = found[1]
    if found := re.match(rb"_t\((\d+),", program):
        first_sum = int(found[1]) + 1
    if found := re.match(rb"print\('(.*)'\)$", program):
        say(found[1] + b'\r\n\x04\x04>')
    elif b'misbehave' in program:
        misbehave()
    elif program.startswith(b'_t('):
        # The last program of a start asks which modules the target has.
        leaves_raw = HOW in ('friendly', 'stall') and b'uhashlib' in program
        say(reported(END) + b'\x04\x04>')
    elif HOW == 'refuse':
        say(b'\x04MemoryError: none left\r\n\x04>')
    else:
        say(b'\x04\x04>')


say(START)
friendly()
line = b''
while True:
    got = byte()
    if got == b'\x01' and line == b'\x05A':
        line = b''
        if leaves_raw:
            leaves_raw = False
            if HOW == 'stall':
                while byte() != b'\x03':
                    pass
            say(b'\r\n>>> ')
            friendly()
        else:
            run(pasted())
    elif got == b'\x01':
        line = b''
        say(BANNER)
    elif got == b'\x03':
        line = b''
    elif got == b'\x04':
        say(b'OK')
        program, line = line, b''
        run(program)
    elif got != b'\r':
        line += got
