//! The REPL's bytes, one dialogue a test, and what holds for any bytes.

use proptest::prelude::*;

use super::raw::WINDOW;
use super::*;

/// A REPL and the program that it says runs, which is answered by the test.
struct Dialogue {
    repl: Repl,
    written: Vec<u8>,
    programs: Vec<Program>,
    interrupts: usize,
    resets: usize,
}

impl Dialogue {
    fn new() -> Self {
        let mut repl = Repl::new("Banner");
        let actions = repl.start();
        let mut dialogue = Self {
            repl,
            written: Vec::new(),
            programs: Vec::new(),
            interrupts: 0,
            resets: 0,
        };
        dialogue.take(actions);
        dialogue
    }

    fn raw() -> Self {
        let mut dialogue = Self::new();
        dialogue.send(b"\x01");
        dialogue.written.clear();
        dialogue
    }

    fn take(&mut self, actions: Vec<Action>) {
        for action in actions {
            match action {
                Action::Write(bytes) => self.written.extend(bytes),
                Action::Run(program) => self.programs.push(program),
                Action::Interrupt => self.interrupts += 1,
                Action::Reset => self.resets += 1,
            }
        }
    }

    fn send(&mut self, bytes: &[u8]) -> &mut Self {
        let actions = self.repl.receive(bytes);
        self.take(actions);
        self
    }

    fn finish(&mut self, ending: Ending) -> &mut Self {
        let actions = self.repl.finished(ending, false);
        self.take(actions);
        self
    }

    fn restart(&mut self) -> &mut Self {
        let actions = self.repl.restarted(false);
        self.take(actions);
        self
    }

    /// What was written since the last question, with escapes.
    fn written(&mut self) -> String {
        std::mem::take(&mut self.written).escape_ascii().to_string()
    }

    fn sources(&self) -> Vec<&str> {
        self.programs
            .iter()
            .map(|program| std::str::from_utf8(&program.source).expect("the tests send UTF-8"))
            .collect()
    }
}

#[test]
fn the_board_greets_with_banner_and_prompt() {
    assert_eq!(Dialogue::new().written(), r"Banner\r\n>>> ");
}

#[test]
fn entering_raw_mode_prints_its_banner_and_entering_again_prints_it_again() {
    let mut dialogue = Dialogue::new();
    dialogue.written.clear();
    assert_eq!(
        dialogue.send(b"\r\x03\x03").written(),
        r"\r\n>>> \r\n>>> \r\n>>> "
    );
    assert_eq!(
        dialogue.send(b"\r\x01").written(),
        r"\r\n>>> \r\nraw REPL; CTRL-B to exit\r\n>"
    );
    assert_eq!(
        dialogue.send(b"\x01").written(),
        r"raw REPL; CTRL-B to exit\r\n>"
    );
    assert_eq!(dialogue.send(b"\x02").written(), r"\r\nBanner\r\n>>> ");
}

#[test]
fn a_raw_program_is_framed_and_not_echoed() {
    let mut dialogue = Dialogue::raw();
    assert_eq!(dialogue.send(b"print(1)\nprint(2)\x04").written(), "OK");
    assert_eq!(dialogue.sources(), ["print(1)\nprint(2)"]);
    assert_eq!(dialogue.programs[0].form, Form::File);
    assert_eq!(dialogue.finish(Ending::Finished).written(), r"\x04\x04>");
}

#[test]
fn a_traceback_stands_between_the_two_ends() {
    let mut dialogue = Dialogue::raw();
    dialogue.send(b"x\x04").written();
    let ending = Ending::Raised("A\nB: c\n".to_owned());
    assert_eq!(dialogue.finish(ending).written(), r"\x04A\r\nB: c\r\n\x04>");
}

#[test]
fn nothing_before_the_end_is_a_soft_reset() {
    let mut dialogue = Dialogue::raw();
    assert_eq!(dialogue.send(b"\x04").written(), r"OK\r\n");
    assert_eq!(dialogue.resets, 1);
    let banner = r"MPY: soft reboot\r\nraw REPL; CTRL-B to exit\r\n>";
    assert_eq!(dialogue.restart().written(), banner);
}

#[test]
fn system_exit_is_a_soft_reset_without_a_prompt_before_it() {
    let mut dialogue = Dialogue::raw();
    dialogue.send(b"raise SystemExit\x04").written();
    assert_eq!(dialogue.finish(Ending::Exited).written(), r"\x04\x04");
    let banner = r"MPY: soft reboot\r\nraw REPL; CTRL-B to exit\r\n>";
    assert_eq!(dialogue.restart().written(), banner);
}

#[test]
fn ctrl_c_at_the_raw_prompt_forgets_what_came() {
    let mut dialogue = Dialogue::raw();
    assert_eq!(dialogue.send(b"wrong\x03right\x04").written(), "OK");
    assert_eq!(dialogue.sources(), ["right"]);
}

#[test]
fn a_friendly_soft_reset_ends_with_banner_and_prompt() {
    let mut dialogue = Dialogue::new();
    dialogue.written.clear();
    assert_eq!(dialogue.send(b"\x04").written(), r"\r\n");
    assert_eq!(
        dialogue.restart().written(),
        r"MPY: soft reboot\r\nBanner\r\n>>> "
    );
}

#[test]
fn raw_paste_is_announced_with_its_window_and_acknowledged() {
    let mut dialogue = Dialogue::raw();
    assert_eq!(dialogue.send(b"\x05A\x01").written(), r"R\x01\x00\x04\x01");
    assert_eq!(dialogue.send(b"print(4951)\x04").written(), r"\x04");
    assert_eq!(dialogue.finish(Ending::Finished).written(), r"\x04\x04>");
    assert_eq!(dialogue.sources(), ["print(4951)"]);
}

#[test]
fn each_window_of_raw_paste_gives_one_credit() {
    let mut dialogue = Dialogue::raw();
    dialogue.send(b"\x05A\x01").written();
    assert_eq!(
        dialogue
            .send(&vec![b'#'; usize::from(WINDOW) - 1])
            .written(),
        ""
    );
    assert_eq!(dialogue.send(b"#").written(), r"\x01");
    assert_eq!(
        dialogue
            .send(&vec![b'#'; 3 * usize::from(WINDOW)])
            .written(),
        r"\x01\x01\x01"
    );
}

#[test]
fn an_aborted_paste_answers_with_keyboard_interrupt_and_runs_nothing() {
    let mut dialogue = Dialogue::raw();
    dialogue.send(b"\x05A\x01").written();
    let answer = r"\x04\x04KeyboardInterrupt: \r\n\x04>";
    assert_eq!(dialogue.send(b"print(1)\x03").written(), answer);
    assert!(dialogue.programs.is_empty());
    assert_eq!(dialogue.send(b"2\x04").written(), "OK");
}

#[test]
fn an_unknown_special_command_is_refused() {
    assert_eq!(Dialogue::raw().send(b"\x05Z\x01").written(), r"R\x00>");
}

#[test]
fn control_e_within_a_program_is_a_byte_of_it() {
    let mut dialogue = Dialogue::raw();
    dialogue.send(b"x\x05A\x04");
    assert_eq!(dialogue.sources(), ["x\x05A"]);
}

#[test]
fn a_statement_runs_at_its_line_end_and_is_echoed() {
    let mut dialogue = Dialogue::new();
    dialogue.written.clear();
    assert_eq!(dialogue.send(b"1 + 1\r\n").written(), r"1 + 1\r\n");
    assert_eq!(dialogue.programs[0].form, Form::Statement);
    assert_eq!(dialogue.finish(Ending::Finished).written(), ">>> ");
}

#[test]
fn a_compound_statement_asks_for_more_until_an_empty_line() {
    let mut dialogue = Dialogue::new();
    dialogue.written.clear();
    assert_eq!(
        dialogue.send(b"if x:\r  y\r\r").written(),
        r"if x:\r\n...   y\r\n... \r\n"
    );
    assert_eq!(dialogue.sources(), ["if x:\n  y\n"]);
}

#[test]
fn open_brackets_ask_for_more() {
    let mut dialogue = Dialogue::new();
    dialogue.send(b"f(1,\r2)\r");
    assert_eq!(dialogue.sources(), ["f(1,\n2)"]);
}

#[test]
fn ctrl_c_cancels_a_statement() {
    let mut dialogue = Dialogue::new();
    dialogue.send(b"if x:\r  y\x03");
    dialogue.written.clear();
    assert_eq!(dialogue.send(b"z\r").written(), r"z\r\n");
    assert_eq!(dialogue.sources(), ["z"]);
}

#[test]
fn backspace_takes_a_whole_character_away() {
    let mut dialogue = Dialogue::new();
    dialogue.written.clear();
    assert_eq!(
        dialogue
            .send("xé\x7fy\x08\x08\x08z\r".as_bytes())
            .written()
            .matches("[K")
            .count(),
        3
    );
    assert_eq!(dialogue.sources(), ["z"]);
}

#[test]
fn cursor_keys_are_swallowed() {
    let mut dialogue = Dialogue::new();
    dialogue.send(b"a\x1b[A\x1b[1;5Cb\x1bOH\r");
    assert_eq!(dialogue.sources(), ["ab"]);
}

#[test]
fn paste_mode_takes_lines_until_ctrl_d() {
    let mut dialogue = Dialogue::new();
    dialogue.written.clear();
    let prompt = r"\r\npaste mode; Ctrl-C to cancel, Ctrl-D to finish\r\n=== ";
    assert_eq!(dialogue.send(b"\x05").written(), prompt);
    assert_eq!(
        dialogue.send(b"if x:\r  y\x04").written(),
        r"if x:\r\n===   y\r\n"
    );
    assert_eq!(dialogue.sources(), ["if x:\n  y"]);
    assert_eq!(dialogue.programs[0].form, Form::File);
}

#[test]
fn cancelled_paste_runs_nothing() {
    let mut dialogue = Dialogue::new();
    dialogue.written.clear();
    dialogue.send(b"\x05x\r\x03");
    assert!(dialogue.written().ends_with(r"\r\n=== \r\n>>> "));
    assert!(dialogue.programs.is_empty());
}

#[test]
fn ctrl_c_interrupts_what_runs_and_the_rest_waits() {
    let mut dialogue = Dialogue::raw();
    dialogue.send(b"input()\x04one\x03\r");
    assert_eq!(dialogue.interrupts, 1);
    let waiting: Vec<u8> = std::iter::from_fn(|| dialogue.repl.take_waiting()).collect();
    assert_eq!(waiting, b"one\r");
}

#[test]
fn what_the_program_leaves_unread_is_the_next_program() {
    let mut dialogue = Dialogue::raw();
    dialogue.send(b"1\x042\x043\x04").written();
    assert_eq!(dialogue.sources(), ["1"]);
    assert_eq!(dialogue.finish(Ending::Finished).written(), r"\x04\x04>OK");
    assert_eq!(dialogue.sources(), ["1", "2"]);
    dialogue.finish(Ending::Finished);
    assert_eq!(dialogue.sources(), ["1", "2", "3"]);
}

#[test]
fn an_interrupt_that_comes_too_late_is_a_ctrl_c_at_the_prompt() {
    let mut dialogue = Dialogue::new();
    dialogue.send(b"1\r\x03").written();
    let actions = dialogue.repl.finished(Ending::Finished, true);
    dialogue.take(actions);
    assert_eq!(dialogue.written(), r">>> \r\n>>> ");
}

#[test]
fn an_interrupt_that_comes_too_late_clears_what_came_before_it_and_nothing_else() {
    let mut dialogue = Dialogue::raw();
    dialogue.send(b"1\x04read left over\x032\x04");
    for _ in b"read" {
        dialogue.repl.take_waiting();
    }
    let actions = dialogue.repl.finished(Ending::Finished, true);
    dialogue.take(actions);
    assert_eq!(dialogue.sources(), ["1", "2"]);
}

#[test]
fn the_newline_of_a_statement_is_no_input_of_it() {
    let mut dialogue = Dialogue::new();
    dialogue.send(b"input()\r\none\r\n\ntwo\n");
    let waiting: Vec<u8> = std::iter::from_fn(|| dialogue.repl.take_waiting()).collect();
    assert_eq!(waiting, b"one\r\ntwo\n");
    dialogue.send(b"last\r");
    while dialogue.repl.take_waiting().is_some() {}
    dialogue.written.clear();
    assert_eq!(
        dialogue.finish(Ending::Finished).send(b"\n2\r").written(),
        r">>> 2\r\n"
    );
}

#[test]
fn a_program_that_is_too_long_is_answered_like_a_board_without_memory() {
    let mut dialogue = Dialogue::raw();
    dialogue.send(&vec![b'#'; LONGEST_PROGRAM + 1]);
    let answer = dialogue.send(b"\x04").written();
    assert!(answer.starts_with(r"OK\x04MemoryError: "), "{answer}");
    assert!(dialogue.programs.is_empty());
}

/// Bytes that mean something, more often than others.
fn input() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![
        2 => 0x01_u8..=0x05,
        1 => prop::sample::select(b"\r\n\x08\x7f\x1bA[('\\:".to_vec()),
        1 => any::<u8>(),
    ];
    prop::collection::vec(byte, 0..200)
}

fn split(bytes: &[u8], lengths: &[usize]) -> Vec<Vec<u8>> {
    let mut rest = bytes;
    let mut pieces = Vec::new();
    for length in lengths {
        let (piece, others) = rest.split_at(rest.len().min(*length));
        pieces.push(piece.to_vec());
        rest = others;
    }
    pieces.push(rest.to_vec());
    pieces
}

/// The actions, neighbouring writes joined.
fn joined(actions: Vec<Action>) -> Vec<Action> {
    let mut joined: Vec<Action> = Vec::new();
    for action in actions {
        match (joined.last_mut(), action) {
            (Some(Action::Write(earlier)), Action::Write(bytes)) => earlier.extend(bytes),
            (_, action) => joined.push(action),
        }
    }
    joined
}

/// What a REPL does when programs end as soon as all that came is taken.
fn answered(pieces: &[Vec<u8>]) -> Vec<Action> {
    let mut repl = Repl::new("Banner");
    let mut all = repl.start();
    for piece in pieces {
        let mut actions = repl.receive(piece);
        while let Some(last) = actions
            .iter()
            .rfind(|action| !matches!(action, Action::Interrupt))
        {
            let reset = matches!(last, Action::Reset);
            all.append(&mut actions);
            if !repl.is_busy() {
                break;
            }
            actions = match reset {
                true => repl.restarted(false),
                false => repl.finished(Ending::Finished, false),
            };
        }
        all.append(&mut actions);
    }
    joined(all)
}

proptest! {
    #[test]
    fn how_the_input_is_split_changes_nothing(
        bytes in input(),
        lengths in prop::collection::vec(0_usize..20, 0..30),
    ) {
        let run = |pieces: &[Vec<u8>]| {
            let mut repl = Repl::new("Banner");
            let mut actions = repl.start();
            actions.extend(pieces.iter().flat_map(|piece| repl.receive(piece)));
            joined(actions)
        };
        prop_assert_eq!(run(&split(&bytes, &lengths)), run(&[bytes]));
    }

    #[test]
    fn a_host_that_does_not_wait_is_answered_like_one_that_does(
        mut bytes in input(),
        lengths in prop::collection::vec(0_usize..20, 0..30),
    ) {
        // Whether Ctrl-C meets a program does depend on when it comes.
        bytes.retain(|byte| *byte != CTRL_C);
        prop_assert_eq!(answered(&split(&bytes, &lengths)), answered(&[bytes]));
    }

    #[test]
    fn a_pasted_program_arrives_whole_under_any_chunking(
        source in prop::collection::vec(0x06_u8.., 0..5000),
        lengths in prop::collection::vec(1_usize..700, 1..50),
    ) {
        let mut dialogue = Dialogue::raw();
        dialogue.send(b"\x05A\x01").written();
        let mut credit = 2 * usize::from(WINDOW);
        let mut rest = source.as_slice();
        for length in lengths.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            prop_assert!(credit > 0, "a host that keeps to its credit never starves");
            let (piece, others) = rest.split_at(rest.len().min(*length).min(credit));
            dialogue.send(piece);
            credit -= piece.len();
            prop_assert!(dialogue.written.iter().all(|byte| *byte == 0x01));
            credit += std::mem::take(&mut dialogue.written).len() * usize::from(WINDOW);
            rest = others;
        }
        dialogue.send(b"\x04");
        prop_assert_eq!(dialogue.written(), r"\x04");
        prop_assert_eq!(&dialogue.programs[0].source, &source);
    }
}
