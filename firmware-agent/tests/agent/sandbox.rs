//! A program reaches nothing of the host but its network.

use super::session::Session;

#[test]
fn there_is_no_file_process_or_environment() {
    let mut board = Session::start();
    for name in ["open", "breakpoint", "exit", "quit", "copyright", "vars"] {
        assert_eq!(
            board.error(name),
            format!("NameError: name '{name}' is not defined")
        );
    }
    for module in [
        "os",
        "posix",
        "io",
        "_io",
        "subprocess",
        "importlib",
        "_imp",
        "_frozen_importlib",
        "marshal",
        "_thread",
        "ctypes",
        "pwd",
        "signal",
        "_signal",
        "os.path",
        "codecs",
        "builtins_of_the_board",
    ] {
        let error = format!("ImportError: no module named '{module}'");
        assert_eq!(board.error(&format!("import {module}")), error);
        assert_eq!(board.error(&format!("__import__('{module}')")), error);
    }
    assert_eq!(
        board.error("from . import os"),
        "ImportError: can't perform relative import"
    );
}

#[test]
fn the_modules_are_only_what_a_program_imported() {
    let mut board = Session::start();
    let program = "import sys, usocket\nprint(sorted(sys.modules), sys.path, sys.argv)";
    assert_eq!(board.print(program), "['__main__', 'sys', 'usocket'] [] []");
    let hooks = "print([n for n in dir(sys) if n in ('meta_path', 'path_hooks', '_getframe', \
                 'settrace', 'executable', 'path_importer_cache', 'addaudithook')])";
    assert_eq!(board.print(hooks), "[]");
}

#[test]
fn the_classes_of_the_import_machinery_find_no_host() {
    // Whatever is found through the graph of objects, the interpreter has no host below it.
    let program = "def all(c):\n    try: s = type.__subclasses__(c)\n    except Exception: s = []\n    \
                   return [repr(c)] + [d for b in s for d in all(b)]\n\
                   found = ' '.join(all(object))\n\
                   print(len(found) > 1000, [n for n in ('_io.FileIO', 'Popen', 'FileFinder', \
                   'SourceFileLoader', 'ScandirIterator', 'DirEntry') if n in found])";
    assert_eq!(Session::start().print(program), "True []");
}

#[test]
fn native_classes_cannot_be_changed() {
    let mut board = Session::start();
    board.print("import usocket, network, select, sys");
    for target in [
        "usocket.socket",
        "network.WLAN",
        "select.poll",
        "type(sys.stdout)",
        "str",
        "OSError",
    ] {
        let error = board.error(&format!("{target}.x = 1"));
        assert!(error.starts_with("TypeError: "), "{target}: {error}");
    }
}

#[test]
fn deep_nesting_is_an_error_and_the_board_lives() {
    let mut board = Session::start();
    let error = board.error("def f(): f()\nf()");
    assert!(error.starts_with("RecursionError: "), "{error}");
    // As deep as the longest program can be nested.
    for program in [
        "(".repeat(131_072),
        "-".repeat(131_071) + "1",
        "1".to_owned() + &"+1".repeat(65_535),
    ] {
        board.run(&program);
    }
    assert_eq!(board.print("print(1)"), "1");
}

#[test]
fn a_program_that_is_no_utf8_is_refused() {
    let mut board = Session::start();
    board.send(b"print('\xff')\x04");
    board.until("OK");
    assert_eq!(
        board.end().error,
        "UnicodeError: the program is not UTF-8\r\n"
    );
}

#[test]
fn more_memory_than_there_is_is_an_error_and_the_board_lives() {
    let mut board = Session::start();
    for program in [
        "bytes(10**12)",
        "bytearray(10**12)",
        "b'x' * 10**12",
        "10**12 * 'x'",
        "[0] * 10**12",
        "(0,) * 10**12",
        "x = [0]; x *= 10**12",
        "x = bytearray(1); x *= 10**12",
        "class B(bytes): pass\nB(10**12)",
    ] {
        let error = board.error(program);
        assert!(error.starts_with("MemoryError: "), "{program}: {error}");
    }
    let small = "print(bytes(2), bytearray(b'x') * 2, [1] * 2, 'a' * -1, bytes([1]))";
    assert_eq!(
        board.print(small),
        "b'\\x00\\x00' bytearray(b'xx') [1, 1]  b'\\x01'"
    );
}
