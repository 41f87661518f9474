//! What `input()` takes from the REPL's line, and what it leaves to the next program.

use super::session::Session;

#[test]
fn every_line_end_ends_one_line() {
    for ends in ["\r", "\n", "\r\n"] {
        let mut board = Session::start();
        board.begin("for i in range(4): print([input()])");
        let lines = ["one", "", "two", "three"].map(|line| format!("{line}{ends}"));
        board.send(lines.concat().as_bytes());
        let echoed = "one\r\n['one']\r\n\r\n['']\r\ntwo\r\n['two']\r\nthree\r\n['three']\r\n";
        assert_eq!(board.end().output, echoed, "{ends:?}");
    }
}

#[test]
fn a_newline_that_comes_late_still_belongs_to_its_return() {
    let mut board = Session::start();
    board.begin("print([input()])\nprint([input()])");
    board.send(b"one\r");
    assert_eq!(board.until("['one']\r\n"), "one\r\n");
    board.send(b"\ntwo\r");
    assert_eq!(board.end().output, "two\r\n['two']\r\n");
    // Nor is it part of a program.
    board.send(b"\n\x05A\x01");
    board.until("R\x01\x00\x04\x01");
    board.send(b"print(3)\x04");
    assert_eq!(board.until("\x04>"), "\x043\r\n\x04");
}

#[test]
fn input_right_behind_a_pasted_program_is_the_programs() {
    let mut board = Session::start();
    board.send(b"\x05A\x01");
    board.until("R\x01\x00\x04\x01");
    board.send(b"print([input('? '), input()])\x04one\r\ntwo\r\n");
    assert_eq!(
        board.until("\x04\x04>"),
        "\x04? one\r\ntwo\r\n['one', 'two']\r\n"
    );
    assert_eq!(board.print("print(3)"), "3");
}

#[test]
fn lines_wait_until_they_are_asked_for() {
    let mut board = Session::start();
    let lines: Vec<String> = (0..500).map(|line| format!("line {line}\r")).collect();
    board.begin(
        "import time\ntime.sleep_ms(20)\ngot = [input() for _ in range(500)]\nprint(end='')",
    );
    board.send(lines.concat().as_bytes());
    assert_eq!(board.end().output, lines.concat().replace('\r', "\r\n"));
    assert_eq!(
        board.print("print(got == ['line %d' % i for i in range(500)])"),
        "True"
    );
}

#[test]
fn a_line_is_edited_before_it_is_taken() {
    let mut board = Session::start();
    board.begin("print([input()])");
    board.send("xé\x7f\x08\x08abX\x08\x1b[Dc\r".as_bytes());
    assert!(board.end().output.ends_with("\r\n['abc']\r\n"));
}

#[test]
fn ctrl_c_in_the_middle_of_a_line_is_an_interrupt_that_the_program_can_catch() {
    let mut board = Session::start();
    board.begin("try: input('? ')\nexcept KeyboardInterrupt: print('caught')");
    board.until("? ");
    board.send(b"half a li");
    board.until("half a li");
    board.interrupt();
    assert_eq!(board.end().output, "caught\r\n");
    // What was typed is gone with it.
    assert_eq!(board.print("print('next')"), "next");
}

#[test]
fn ctrl_c_at_the_raw_prompt_clears_input_that_nobody_read() {
    let mut board = Session::start();
    board.begin("print('runs')\ninput()");
    board.until("runs\r\n");
    board.send(b"read\rleft over\rmore");
    assert_eq!(board.end().output, "read\r\n");
    board.send(b"\x03");
    assert_eq!(board.print("print('clean')"), "clean");
    board.send(b"left again\r\x03\x05A\x01");
    board.until("R\x01\x00\x04\x01");
    board.send(b"print('pasted')\x04");
    assert_eq!(board.until("\x04\x04>"), "\x04pasted\r\n");
}

#[test]
fn standard_input_reads_what_input_would() {
    let mut board = Session::start();
    board.begin("import sys\nprint([sys.stdin.readline(), sys.stdin.read(3), input()])");
    board.send(b"one\r\ntwothree\r\n");
    let expected = "three\r\n['one\\n', 'two', 'three']\r\n";
    assert_eq!(board.end().output, expected);
}
