//! The face of MicroPython: names, texts, and what stays from program to program.

use super::session::Session;

#[test]
fn the_interpreter_says_that_it_is_micropython() {
    let mut board = Session::start();
    assert_eq!(
        board.print("import sys\nprint(sys.implementation.name, sys.implementation.version)"),
        "micropython (1, 24, 0)"
    );
    assert_eq!(board.print("print(sys.platform)"), "trueline");
}

#[test]
fn globals_stay_until_the_soft_reset() {
    let mut board = Session::start();
    board.print("x = 5\ndef f(): return x");
    assert_eq!(board.print("print(f())"), "5");
    board.soft_reset();
    assert_eq!(board.error("f()"), "NameError: name 'f' is not defined");
}

#[test]
fn a_soft_reset_puts_back_what_a_program_changed() {
    let mut board = Session::start();
    board.print(
        "import builtins, sys, usocket\nbuiltins.len = None\ndel builtins.print\n\
         sys.platform = 'x'\nsys.implementation.name = 'x'\nusocket.AF_INET = 0\n\
         sys.modules['os'] = sys\nsys.stdout = None\nprint = None",
    );
    board.soft_reset();
    let program = "import sys, usocket\n\
                   print(len('ab'), sys.platform, sys.implementation.name, usocket.AF_INET)";
    assert_eq!(board.print(program), "2 trueline micropython 2");
    assert_eq!(
        board.error("import os"),
        "ImportError: no module named 'os'"
    );
}

#[test]
fn system_exit_starts_the_board_anew() {
    let mut board = Session::start();
    board.print("x = 1");
    board.begin("raise SystemExit");
    board.until("\x04\x04MPY: soft reboot\r\nraw REPL; CTRL-B to exit\r\n>");
    assert_eq!(board.error("x"), "NameError: name 'x' is not defined");
}

#[test]
fn every_newline_is_cr_lf() {
    let answer = Session::start().run("print('a\\nb')\nprint('c\\r\\nd', end='')");
    assert_eq!(answer.output, "a\r\nb\r\nc\r\nd");
}

#[test]
fn text_decoded_from_text_is_the_same_text() {
    let mut board = Session::start();
    assert_eq!(
        board.print("print(str('hé', 'utf-8'), str(b'abc', 'utf8'))"),
        "hé abc"
    );
    let program = "class T(str): pass\nprint(type('a') is str, isinstance('a', str), str(5), \
                   T('x'), str(b'a', 'utf-8', 'strict'), isinstance(T('x'), str))";
    assert_eq!(board.print(program), "True True 5 x a True");
}

#[test]
fn an_exception_is_shown_as_its_type_and_the_tuple_of_its_arguments() {
    let mut board = Session::start();
    let program = "class Own(ValueError): pass\n\
                   print([OSError(22), OSError(5, 'x'), KeyError('k'), Own(), StopIteration(1)])";
    assert_eq!(
        board.print(program),
        "[OSError(22,), OSError(5, 'x'), KeyError('k',), Own(), StopIteration(1,)]"
    );
    assert_eq!(board.print("print(OSError(22).__repr__())"), "OSError(22,)");
}

#[test]
fn an_os_error_has_one_argument_and_names_its_number() {
    let mut board = Session::start();
    let program = "import usocket, errno\ntry:\n    usocket.socket().recv(1)\n\
                   except OSError as e:\n    print(type(e) is OSError, e.args, e.errno, e, \
                   errno.errorcode[e.errno])";
    assert_eq!(
        board.print(program),
        "True (107,) 107 [Errno 107] ENOTCONN ENOTCONN"
    );
    assert_eq!(
        board.error("raise OSError(110)"),
        "OSError: [Errno 110] ETIMEDOUT"
    );
    assert_eq!(board.error("raise OSError(-202)"), "OSError: -202");
    assert_eq!(board.error("raise OSError"), "OSError: ");
    let subclass = "class E(OSError): pass\ntry: raise E(11)\nexcept OSError as e: \
                    print(e, e.errno, type(OSError(2, 'x')) is OSError, OSError(2, 'x'))";
    assert_eq!(
        board.print(subclass),
        "[Errno 11] EAGAIN 11 True [Errno 2] ENOENT: x"
    );
}

#[test]
fn a_traceback_is_written_as_micropython_writes_it() {
    let mut board = Session::start();
    let answer = board.run("def f():\n    raise ValueError('x')\nf()");
    let expected = "Traceback (most recent call last):\r\n  \
                    File \"<stdin>\", line 3, in <module>\r\n  \
                    File \"<stdin>\", line 2, in f\r\nValueError: x\r\n";
    assert_eq!(answer.error, expected);
    assert_eq!(board.error("raise KeyError('k')"), "KeyError: k");
    assert_eq!(board.error("raise ValueError"), "ValueError: ");
    assert_eq!(board.error("raise ValueError(1, 2)"), "ValueError: (1, 2)");
}

#[test]
fn a_syntax_error_says_its_line() {
    let answer = Session::start().run("x = 1\nif");
    let expected = "Traceback (most recent call last):\r\n  \
                    File \"<stdin>\", line 2\r\nSyntaxError: invalid syntax\r\n";
    assert_eq!(answer.error, expected);
}

#[test]
fn an_exception_can_be_printed() {
    let program = "import sys\ntry: 1/0\nexcept Exception as e: sys.print_exception(e)";
    let printed = Session::start().print(program);
    assert!(
        printed.ends_with("ZeroDivisionError: division by zero"),
        "{printed}"
    );
}

#[test]
fn both_names_of_a_module_are_one_module() {
    let program = "import time, utime, errno, uerrno, socket, usocket, sys, usys\n\
                   print(time is utime, errno is uerrno, socket is usocket, sys is usys, \
                   socket.__name__)";
    assert_eq!(
        Session::start().print(program),
        "True True True True usocket"
    );
}

#[test]
fn time_and_gc_have_what_programs_use() {
    let program = "import time, gc\nt = time.ticks_ms()\ntime.sleep_ms(3)\ntime.sleep(0.002)\n\
                   time.sleep_us(5)\nprint(time.ticks_diff(time.ticks_ms(), t) >= 5, \
                   time.ticks_diff(2, 2**30 - 1), time.ticks_add(2**30 - 1, 2), \
                   type(time.time()) is int, gc.collect() >= 0, gc.mem_free() > 0)";
    assert_eq!(Session::start().print(program), "True 3 1 True True True");
}

#[test]
fn a_program_runs_in_any_namespace() {
    let program = "space = {'y': 2}\nexec('import usocket\\ndef f(): return y\\nz = f()', space)\n\
                   print(space['z'], 'z' in globals(), eval('y + 1', space))";
    assert_eq!(Session::start().print(program), "2 False 3");
}

#[test]
fn the_documented_programs_join_the_network_first() {
    let program = "import network\nwl = network.WLAN()\nwl.active(1)\n\
                   wl.connect('Noah-BlackWalnut','123abc456d',security=network.AUTH_PSK)\n\
                   print(wl.active(), wl.isconnected(), wl.ifconfig()[0])";
    assert_eq!(Session::start().print(program), "True True 127.0.0.1");
}

#[test]
fn input_echoes_the_line_and_leaves_the_rest_to_the_repl() {
    let mut board = Session::start();
    board.send(b"print('got', input('name? '))\x04Bob\r\nprint(2)\x04");
    assert_eq!(board.until("\x04\x04>"), "OKname? Bob\r\ngot Bob\r\n");
    // The newline after the carriage return belongs to it for a terminal, but `input()` is over.
    assert_eq!(board.until("\x04\x04>"), "OK2\r\n");
}

#[test]
fn ctrl_d_ends_the_input() {
    let mut board = Session::start();
    board.begin("input()");
    board.send(b"\x04");
    assert!(board.end().error.ends_with("EOFError: \r\n"));
}

#[test]
fn the_friendly_prompt_prints_values() {
    let mut board = Session::start();
    board.send(b"\x02");
    board.until("Trueline reference agent\r\n>>> ");
    board.send(b"1 + 1\r");
    assert_eq!(board.until(">>> "), "1 + 1\r\n2\r\n");
    board.send(b"None\r'a'\rfor i in range(2):\r  i\r\r");
    assert_eq!(board.until(">>> "), "None\r\n");
    assert_eq!(board.until(">>> "), "'a'\r\n'a'\r\n");
    assert_eq!(
        board.until(">>> "),
        "for i in range(2):\r\n...   i\r\n... \r\n0\r\n1\r\n"
    );
}
