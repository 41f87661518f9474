# Owns MicroPython's raw REPL on the standard streams of CPython, without raw paste. Changes
# nothing else of CPython, but that `import usocket` gives its `socket` and that `input` reads
# from the REPL. It starts at a friendly
# prompt that understands Ctrl-A only.
#
# The standard streams are one socket. While a program runs, input raises SIGIO, so that Ctrl-C
# interrupts a blocked call without a thread that would take turns with the program.
import builtins
import fcntl
import io
import os
import select
import signal
import socket
import sys
import traceback

BANNER = b'raw REPL; CTRL-B to exit\r\n>'


class Console:
    def __init__(self):
        self.input = bytearray()
        self.running = False

    def interrupted(self, *_):
        if self.running and self.fill() and 3 in self.input:
            self.input.clear()
            self.running = False
            raise KeyboardInterrupt

    def fill(self):
        came = False
        while select.select([0], [], [], 0)[0]:
            data = os.read(0, 65536)
            if not data:
                os._exit(0)
            self.input += data
            came = True
        return came

    def byte(self):
        while not self.input:
            select.select([0], [], [])
            self.fill()
        return self.input.pop(0)

    def line(self, prompt=''):
        """What `input` gives: the bytes up to a line's end."""
        print(prompt, end='')
        # Input is awaited here, so that it interrupts by its bytes, not by a signal.
        self.running = False
        try:
            line = bytearray()
            while (byte := self.byte()) not in b'\r\n':
                if byte == 3:
                    raise KeyboardInterrupt
                line.append(byte)
            return line.decode('utf-8', 'replace')
        finally:
            self.running = True

    def program(self):
        """The bytes up to Ctrl-D, or None when they are no program."""
        source = bytearray()
        while True:
            # Everything up to the next control byte at once.
            end = next((at for at, byte in enumerate(self.input) if byte < 6), len(self.input))
            source += self.input[:end]
            del self.input[:end]
            byte = self.byte()
            if byte == 4:
                return bytes(source)
            if byte == 1 and source == b'\x05A':
                say(b'R\x00')
                source.clear()
            elif byte in (1, 2, 3):
                if byte == 1:
                    say(BANNER)
                elif byte == 2:
                    return None
                source.clear()
            else:
                source.append(byte)

    def run(self, source, names):
        """What the program raised, as text."""
        try:
            self.running = True
            self.interrupted()
            exec(compile(source, '<stdin>', 'exec'), names)
            self.running = False
        except BaseException as error:
            self.running = False
            shown = error.with_traceback(error.__traceback__ and error.__traceback__.tb_next)
            return ''.join(traceback.format_exception(shown)), isinstance(error, SystemExit)
        return '', False


def say(data):
    while data:
        data = data[os.write(1, data):]


def fresh_names():
    return {'__name__': '__main__'}


def serve(console):
    names = fresh_names()
    say(b'CPython %s\r\n>>> ' % sys.version.split()[0].encode())
    while True:
        while console.byte() != 1:
            pass
        say(BANNER)
        while (source := console.program()) is not None:
            say(b'OK')
            leaves = not source
            if source:
                text, leaves = console.run(source, names)
                say(b'\x04' + text.replace('\n', '\r\n').encode('utf-8', 'backslashreplace') + b'\x04')
            if leaves:
                names = fresh_names()
                say(b'\r\nMPY: soft reboot\r\n' + BANNER)
            else:
                say(b'>')
        say(b'\r\n>>> ')


sys.modules['usocket'] = socket
sys.stdout = io.TextIOWrapper(
    io.FileIO(1, 'w', closefd=False), 'utf-8', 'backslashreplace', newline='\r\n', write_through=True
)
console = Console()
builtins.input = console.line
signal.signal(signal.SIGIO, console.interrupted)
fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid())
fcntl.fcntl(0, fcntl.F_SETFL, fcntl.fcntl(0, fcntl.F_GETFL) | os.O_ASYNC)
while True:
    try:
        serve(console)
    except KeyboardInterrupt:
        pass
