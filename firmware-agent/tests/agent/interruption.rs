//! Ctrl-C reaches a program wherever it is, and no other.

use super::session::Session;

const INTERRUPTED: &str = "KeyboardInterrupt: \r\n";

/// Prints, so that the test knows that it runs.
fn begun(board: &mut Session, program: &str) {
    board.begin(&format!("print('runs')\n{program}"));
    board.until("runs\r\n");
}

#[test]
fn a_busy_loop_is_interrupted() {
    let mut board = Session::start();
    for _ in 0..20 {
        begun(&mut board, "while True: pass");
        board.interrupt();
        assert!(board.end().error.ends_with(INTERRUPTED));
    }
}

#[test]
fn a_busy_generator_is_interrupted() {
    let mut board = Session::start();
    begun(
        &mut board,
        "def g():\n while True: pass\n yield\nfor _ in g(): pass",
    );
    board.interrupt();
    assert!(board.end().error.ends_with(INTERRUPTED));
    assert_eq!(board.print("print('next')"), "next");
}

#[test]
fn waiting_calls_are_interrupted() {
    let mut board = Session::start();
    board.print(
        "import usocket, time\nl = usocket.socket()\nl.bind(('127.0.0.1', 0))\nl.listen(1)\n\
         u = usocket.socket(2, 2)\nu.bind(('127.0.0.1', 0))",
    );
    for waiting in [
        "l.accept()",
        "u.recvfrom(9)",
        "u.read()",
        "time.sleep(1e300)",
        "input()",
    ] {
        begun(&mut board, waiting);
        board.interrupt();
        assert!(board.end().error.ends_with(INTERRUPTED), "{waiting}");
    }
}

#[test]
fn a_program_can_catch_the_interrupt() {
    let mut board = Session::start();
    board.begin(
        "import time\ntry:\n    print('runs')\n    time.sleep(1e6)\n\
         except KeyboardInterrupt: print('caught')",
    );
    board.until("runs\r\n");
    board.interrupt();
    assert_eq!(board.end().output, "caught\r\n");
    assert_eq!(board.print("print('next')"), "next");
}

#[test]
fn an_interrupt_meets_only_its_own_board() {
    let mut boards = [Session::start(), Session::start(), Session::start()];
    boards[2].begin("import time\ntime.sleep(1e6)");
    for _ in 0..10 {
        let [one, other, _] = &mut boards;
        begun(one, "while True: pass");
        begun(other, "while True: pass");
        one.interrupt();
        assert!(one.end().error.ends_with(INTERRUPTED));
        assert_eq!(one.print("print(1)"), "1");
        other.interrupt();
        assert!(other.end().error.ends_with(INTERRUPTED));
    }
    boards[2].interrupt();
    assert!(boards[2].end().error.ends_with(INTERRUPTED));
}

#[test]
fn an_idle_board_does_not_keep_the_interrupt_for_the_next_program() {
    let mut board = Session::start();
    for round in 0..200 {
        // It may reach the program, come just after it, or long after it.
        board.begin("pass");
        board.interrupt();
        board.end();
        board.send(b"\x03");
        assert_eq!(board.print(&format!("print({round})")), round.to_string());
    }
}

#[test]
fn the_end_of_the_line_ends_any_program() {
    let programs = [
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        "import usocket\nl = usocket.socket()\nl.listen(1)\nwhile True:\n    \
         try: l.accept()\n    except BaseException: pass",
        "while True:\n    try: input()\n    except BaseException: pass",
        "while True: print('x' * 1000)",
    ];
    for program in programs {
        let mut board = Session::start();
        board.begin(program);
        board.stop();
    }
    Session::start().stop();
}
