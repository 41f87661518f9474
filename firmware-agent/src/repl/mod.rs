//! Owns the server side of the MicroPython REPL: bytes in, actions out. No clock, no thread, no
//! input or output of its own. Does not know Python: what a program does is told to it.
//!
//! Start at [`Repl::receive`]. [`mod@line`] is the line editor and `continuation` the question
//! whether a statement goes on; both serve the friendly REPL.

mod continuation;
mod friendly;
pub mod line;
mod raw;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;

use friendly::Friendly;
use raw::Raw;

/// Raw REPL.
pub const CTRL_A: u8 = 0x01;
/// Friendly REPL.
pub const CTRL_B: u8 = 0x02;
/// Interrupt.
pub const CTRL_C: u8 = 0x03;
/// End of input, soft reset.
pub const CTRL_D: u8 = 0x04;
/// Paste mode.
pub const CTRL_E: u8 = 0x05;

/// The longest program that is taken. A board has hardly more memory than this, and a compiler
/// needs stack for it.
pub const LONGEST_PROGRAM: usize = 128 << 10;

/// How much input waits for a program that does not read it. More is lost, as in a board's
/// receive buffer.
pub const LONGEST_QUEUE: usize = 1 << 20;

/// A program to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// Its text, which is UTF-8 if the host sent it so.
    pub source: Vec<u8>,
    /// How it is compiled.
    pub form: Form,
}

/// How a program is compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// One statement; the value of an expression is printed.
    Statement,
    /// A file.
    File,
}

/// What is to be done now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Write these bytes.
    Write(Vec<u8>),
    /// Run the program, then call [`Repl::finished`].
    Run(Program),
    /// Start anew, then call [`Repl::restarted`].
    Reset,
    /// Interrupt what runs.
    Interrupt,
}

/// How a program ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// It ran to its end.
    Finished,
    /// An exception ended it; the text is the traceback, each line ended by a newline.
    Raised(String),
    /// It asked for a soft reset: `SystemExit`.
    Exited,
}

/// The REPL of a board.
#[derive(Debug)]
pub struct Repl {
    banner: String,
    mode: Mode,
    busy: bool,
    waiting: VecDeque<u8>,
    /// How much of it came before the interrupt that is on its way to the program.
    before_interrupt: usize,
    /// A line ended with a carriage return: a newline that comes now belongs to it, whoever took
    /// the line.
    after_return: bool,
    actions: Vec<Action>,
}

#[derive(Debug)]
enum Mode {
    Friendly(Friendly),
    Raw(Raw),
}

impl Repl {
    /// The REPL of a board that was just switched on. The banner stands above the first prompt,
    /// without its line end.
    pub fn new(banner: impl Into<String>) -> Self {
        Self {
            banner: banner.into(),
            mode: Mode::Friendly(Friendly::default()),
            busy: false,
            waiting: VecDeque::new(),
            before_interrupt: 0,
            after_return: false,
            actions: Vec::new(),
        }
    }

    /// The banner and the first prompt.
    pub fn start(&mut self) -> Vec<Action> {
        self.greet();
        std::mem::take(&mut self.actions)
    }

    /// Whether a program runs or the board starts anew.
    pub fn is_busy(&self) -> bool {
        self.busy
    }

    /// Takes what the host sent.
    pub fn receive(&mut self, bytes: &[u8]) -> Vec<Action> {
        for byte in bytes {
            if !self.busy {
                self.step(*byte);
            } else if *byte == CTRL_C {
                self.before_interrupt = self.waiting.len();
                self.actions.push(Action::Interrupt);
            } else if self.waiting.len() < LONGEST_QUEUE {
                self.waiting.push_back(*byte);
            }
        }
        std::mem::take(&mut self.actions)
    }

    /// The next byte that waits for the program that runs. Of CR LF only the CR is given.
    pub fn take_waiting(&mut self) -> Option<u8> {
        loop {
            let byte = self.next_waiting()?;
            let belongs = std::mem::take(&mut self.after_return) && byte == b'\n';
            if !belongs {
                self.after_return = byte == b'\r';
                return Some(byte);
            }
        }
    }

    fn next_waiting(&mut self) -> Option<u8> {
        self.before_interrupt = self.before_interrupt.saturating_sub(1);
        self.waiting.pop_front()
    }

    /// The program has ended. `late` says that an interrupt did not reach it any more; it then
    /// counts as a Ctrl-C at the prompt, after what came before it.
    pub fn finished(&mut self, ending: Ending, late: bool) -> Vec<Action> {
        self.busy = false;
        match &self.mode {
            Mode::Friendly(_) => self.finished_friendly(ending),
            Mode::Raw(_) => self.finished_raw(ending),
        }
        self.go_on(late)
    }

    /// The board has started anew. `late` as in [`Repl::finished`].
    pub fn restarted(&mut self, late: bool) -> Vec<Action> {
        self.busy = false;
        self.write("MPY: soft reboot\r\n");
        self.greet();
        self.go_on(late)
    }

    /// Goes on with what came in the meantime, until something runs again.
    fn go_on(&mut self, late: bool) -> Vec<Action> {
        if late {
            self.waiting.insert(self.before_interrupt, CTRL_C);
        }
        while !self.busy
            && let Some(byte) = self.next_waiting()
        {
            self.step(byte);
        }
        std::mem::take(&mut self.actions)
    }

    fn step(&mut self, byte: u8) {
        if std::mem::take(&mut self.after_return) && byte == b'\n' {
            return;
        }
        match &self.mode {
            Mode::Friendly(_) => self.step_friendly(byte),
            Mode::Raw(_) => self.step_raw(byte),
        }
    }

    fn greet(&mut self) {
        match &self.mode {
            Mode::Friendly(_) => self.greet_friendly(),
            Mode::Raw(_) => self.greet_raw(),
        }
    }

    /// Adds bytes to what is written; neighbours become one write.
    fn write(&mut self, bytes: impl AsRef<[u8]>) {
        match self.actions.last_mut() {
            Some(Action::Write(earlier)) => earlier.extend(bytes.as_ref()),
            _ => self.actions.push(Action::Write(bytes.as_ref().to_vec())),
        }
    }

    fn run(&mut self, source: Vec<u8>, form: Form) {
        self.busy = true;
        self.actions.push(Action::Run(Program { source, form }));
    }

    fn reset(&mut self) {
        self.busy = true;
        self.actions.push(Action::Reset);
    }
}

/// The text of a program as it comes in. What is longer than [`LONGEST_PROGRAM`] is not kept.
#[derive(Debug, Default)]
struct Source {
    bytes: Vec<u8>,
    overflowed: bool,
}

impl Source {
    fn push(&mut self, byte: u8) {
        if self.bytes.len() < LONGEST_PROGRAM {
            self.bytes.push(byte);
        } else {
            self.overflowed = true;
        }
    }

    fn clear(&mut self) {
        *self = Self::default();
    }

    /// The whole program, or the board's answer to one that is too long for it.
    fn take(&mut self) -> Result<Vec<u8>, Ending> {
        let source = std::mem::take(self);
        if source.overflowed {
            let text = "MemoryError: memory allocation failed: the program is too long\n";
            return Err(Ending::Raised(text.to_owned()));
        }
        Ok(source.bytes)
    }
}
