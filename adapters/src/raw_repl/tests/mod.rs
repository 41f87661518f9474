//! Owns the claims about the client as a whole, against a model of a board.

mod board;

use proptest::prelude::*;

use super::client::{Client, Dialect, Lost, Status};
use board::Board;

const MARK: &str = "~mark!";

fn client() -> Client {
    Client::new(MARK, 100_000)
}

/// Carries bytes between both until neither has anything to say, `piece` bytes at a time.
fn converse(client: &mut Client, board: &mut Board, piece: usize) {
    loop {
        let count = client.outgoing().len().min(piece);
        let bytes = client.outgoing()[..count].to_vec();
        client.sent(count);
        board.receive(&bytes);
        let answer = board.say(piece);
        client.receive(&answer);
        if bytes.is_empty() && answer.is_empty() {
            return;
        }
    }
}

fn entered(board: &mut Board) -> Client {
    let mut client = client();
    client.interrupt();
    converse(&mut client, board, 64);
    client.enter();
    converse(&mut client, board, 64);
    assert_eq!(client.status(), Status::Ready);
    client
}

#[test]
fn a_target_without_raw_paste_gets_programs_plainly() {
    for board in [
        Board::refusing(b"R\x00"),
        Board::banner(),
        Board::refusing(b"?\r\n>>> "),
    ] {
        let mut board = board;
        let mut client = entered(&mut board);
        for program in [&b"first"[..], b"second"] {
            client.submit(program, 1);
            converse(&mut client, &mut board, 64);
            assert_eq!(client.status(), Status::Ready);
            assert_eq!(client.dialect(), Dialect::Plain);
            assert_eq!(board.program(), program);
            assert_eq!(client.output(), b"done\r\n");
        }
    }
}

#[test]
fn what_was_said_before_the_probe_is_stale() {
    let mut board = Board::pasting(128);
    let mut client = client();
    client.enter();
    client.receive(b"left over\x04\x04>raw REPL; CTRL-B to exit\r\n>");
    client.receive(b"raw REPL; CTRL-B to exit\r\n>noise\x04\x04>");
    assert_eq!(client.status(), Status::Busy);
    converse(&mut client, &mut board, 64);
    assert_eq!(client.status(), Status::Ready);
}

#[test]
fn an_answer_that_nobody_asked_for_makes_the_place_stale() {
    let mut client = entered(&mut Board::pasting(128));
    assert!(!client.is_stale());
    client.receive(b"late");
    assert!(client.is_stale());
    assert_eq!(client.status(), Status::Ready);
}

#[test]
fn a_short_program_goes_along_with_the_request_once_raw_paste_is_known() {
    let mut board = Board::pasting(128);
    let mut client = entered(&mut board);
    client.submit(b"first", 1);
    assert_eq!(client.outgoing(), b"\x05A\x01");
    converse(&mut client, &mut board, 64);
    client.submit(b"second", 1);
    assert_eq!(client.outgoing(), b"\x05A\x01second\x04");
    assert!(!client.has_submitted());
    client.sent(10);
    assert!(client.has_submitted());
}

#[test]
fn a_paste_that_the_target_ends_early_is_ended_in_return() {
    let mut client = entered(&mut Board::pasting(4));
    client.submit(b"a long program", 1);
    client.sent(3);
    client.receive(b"R\x01\x04\x00\x01");
    client.sent(8);
    client.receive(b"\x04");
    assert_eq!(client.outgoing(), b"\x04");
    client.receive(b"\x04SyntaxError: invalid syntax\r\n\x04>");
    assert_eq!(client.status(), Status::Ready);
    assert_eq!(client.traceback(), b"SyntaxError: invalid syntax\r\n");
}

#[test]
fn an_aborted_paste_is_answered_by_a_traceback() {
    let mut client = entered(&mut Board::pasting(4));
    client.submit(b"a long program", 1);
    client.sent(3);
    client.receive(b"R\x01\x04\x00");
    client.sent(4);
    client.abort();
    assert_eq!(client.outgoing(), b"\x03");
    client.sent(1);
    client.receive(b"\x04\x04KeyboardInterrupt: \r\n\x04>");
    assert_eq!(client.status(), Status::Ready);
    assert_eq!(client.outgoing(), b"");
}

#[test]
fn a_soft_reset_ends_in_the_raw_repl_again() {
    let mut board = Board::pasting(128);
    let mut client = entered(&mut board);
    client.soft_reset();
    converse(&mut client, &mut board, 64);
    assert_eq!(client.status(), Status::Ready);
    assert_eq!(board.resets(), 1);
}

#[test]
fn a_friendly_prompt_is_no_acknowledgement() {
    let mut board = Board::banner();
    let mut client = entered(&mut board);
    client.submit(b"first", 1);
    converse(&mut client, &mut board, 64);
    client.submit(b"second", 1);
    client.receive(b"second\r\n>>> ");
    assert_eq!(client.status(), Status::Lost(Lost::NoAcknowledgement));
}

#[test]
fn a_target_that_loses_raw_paste_is_lost() {
    let mut board = Board::pasting(128);
    let mut client = entered(&mut board);
    client.submit(b"first", 1);
    converse(&mut client, &mut board, 64);
    for answer in [&b"raw REPL; CTRL-B to exit\r\n>"[..], b"R\x00", b">>> "] {
        client.submit(b"second", 1);
        client.receive(answer);
        assert_eq!(client.status(), Status::Lost(Lost::NoRawPaste));
        client.enter();
        converse(&mut client, &mut board, 64);
        assert_eq!(client.status(), Status::Ready);
    }
}

#[test]
fn a_restart_in_the_middle_of_a_program_is_seen() {
    let mut board = Board::pasting(128);
    let mut client = entered(&mut board);
    client.submit(b"first", 1);
    converse(&mut client, &mut board, 64);
    client.submit(b"second", 1);
    client.receive(b"R\x01\x80\x00\x01\x04half\r\nMicroPython v1.20\r\n");
    assert_eq!(client.status(), Status::Busy);
    client.receive(b"Type \"help()\" for more information.\r\n>>> ");
    assert_eq!(client.status(), Status::Lost(Lost::Restart));
}

/// What was done with a client before it hears something.
#[derive(Debug, Clone, Copy)]
enum Before {
    Nothing,
    Enter,
    FirstSubmission,
    LaterSubmission,
    PlainSubmission,
}

fn prepared(before: Before) -> Client {
    let mut client = match before {
        Before::Nothing => return client(),
        Before::Enter => {
            let mut client = client();
            client.enter();
            return client;
        }
        Before::FirstSubmission | Before::LaterSubmission => entered(&mut Board::pasting(16)),
        Before::PlainSubmission => entered(&mut Board::banner()),
    };
    if !matches!(before, Before::FirstSubmission) {
        let mut board = match before {
            Before::PlainSubmission => Board::banner(),
            _ => Board::pasting(16),
        };
        board.enter_raw();
        client.submit(b"first", 1);
        converse(&mut client, &mut board, 64);
    }
    client.submit(b"a program that is longer than a window", 1);
    client
}

fn something() -> impl Strategy<Value = Vec<u8>> {
    let word = prop_oneof![
        Just(b"R\x01\x10\x00\x01".to_vec()),
        Just(b"\x01".to_vec()),
        Just(b"OK".to_vec()),
        Just(b"\x04".to_vec()),
        Just(b"\x04\x04>".to_vec()),
        Just(b"raw REPL; CTRL-B to exit\r\n>".to_vec()),
        Just(b"Type \"help()\" for more information.\r\n>>> ".to_vec()),
        Just(b"OK~mark!\r\n\x04\x04>".to_vec()),
        Just(b"~mark!ok\r\n".to_vec()),
        prop::collection::vec(any::<u8>(), 0..20),
    ];
    prop::collection::vec(word, 0..12).prop_map(|words| words.concat())
}

fn before() -> impl Strategy<Value = Before> {
    prop::sample::select(vec![
        Before::Nothing,
        Before::Enter,
        Before::FirstSubmission,
        Before::LaterSubmission,
        Before::PlainSubmission,
    ])
}

proptest! {
    #[test]
    fn whatever_comes_in_whatever_pieces_leads_to_the_same(
        before in before(),
        said in something(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..8),
    ) {
        let mut whole = prepared(before);
        whole.receive(&said);
        let mut pieces = prepared(before);
        let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(said.len() + 1)).collect();
        cuts.extend([0, said.len()]);
        cuts.sort_unstable();
        for cut in cuts.windows(2) {
            pieces.receive(&said[cut[0]..cut[1]]);
        }
        prop_assert_eq!(whole.status(), pieces.status());
        prop_assert_eq!(whole.dialect(), pieces.dialect());
        prop_assert_eq!(whole.outgoing(), pieces.outgoing());
        prop_assert_eq!(whole.output(), pieces.output());
        prop_assert_eq!(whole.traceback(), pieces.traceback());
        prop_assert_eq!(whole.is_stale(), pieces.is_stale());
        prop_assert_eq!(whole.is_at_friendly_prompt(), pieces.is_at_friendly_prompt());
    }

    #[test]
    fn a_program_arrives_whole_under_any_window(
        window in 1_u16..600,
        programs in prop::collection::vec(prop::collection::vec(0x20_u8..0x7f, 1..900), 1..4),
        piece in 1_usize..700,
    ) {
        let mut board = Board::pasting(window);
        let mut client = entered(&mut board);
        for program in &programs {
            client.submit(program, 1);
            converse(&mut client, &mut board, piece);
            prop_assert_eq!(client.status(), Status::Ready);
            prop_assert_eq!(board.program(), program.as_slice());
            prop_assert_eq!(client.output(), b"done\r\n");
            prop_assert!(!board.was_overrun());
        }
    }
}

/// Lets a board with raw paste run a program until it says so, and queues the next one then.
fn queued(board: &mut Board, client: &mut Client, next: &[u8]) {
    client.submit(b"first", 1);
    while !client.is_running() {
        let bytes = client.outgoing().to_vec();
        client.sent(bytes.len());
        board.receive(&bytes);
        client.receive(&board.say(1));
    }
    client.queue(next, 1);
    converse(client, board, 1);
    assert_eq!(client.status(), Status::Ready);
    assert_eq!(client.output(), b"done\r\n");
}

#[test]
fn a_queued_program_is_on_its_way_while_the_answer_before_it_comes() {
    let long = [b'x'; 1000];
    for next in [&b"second"[..], &long] {
        let mut board = Board::pasting(128);
        let mut client = entered(&mut board);
        client.submit(b"shows that there is raw paste", 1);
        converse(&mut client, &mut board, 64);
        queued(&mut board, &mut client, next);
        assert!(client.submit_queued(next));
        converse(&mut client, &mut board, 64);
        assert_eq!(client.status(), Status::Ready);
        assert_eq!(board.program(), next);
        assert!(!client.is_stale());
    }
}

#[test]
fn another_program_than_the_queued_one_is_not_taken_for_it() {
    let mut board = Board::pasting(128);
    let mut client = entered(&mut board);
    client.submit(b"shows that there is raw paste", 1);
    converse(&mut client, &mut board, 64);
    queued(&mut board, &mut client, b"second");
    assert!(!client.submit_queued(b"other"));
    assert!(client.has_queued());
}
