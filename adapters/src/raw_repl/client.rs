//! Owns the client's side of the raw REPL's protocol: entering it, submitting programs with or
//! without raw paste, reading their answers. Has no clock and does no I/O.
//!
//! The driver writes what is [`Client::outgoing`], hands in what it reads with
//! [`Client::receive`], and looks at [`Client::status`]. Anything unexpected ends in
//! [`Status::Lost`], from where [`Client::enter`] leads back.

use std::fmt;

use super::answer::{Answer, End};
use super::greeting;

/// Ends the input; restarts the target when there was none.
const END: u8 = 0x04;
/// Asks for raw paste.
const REQUEST: &[u8] = b"\x05A\x01";
/// Grants one window more.
const GRANT: u8 = 0x01;
/// How much of what is no answer is kept to look for one at its end.
const TAIL: usize = 512;

/// Where a target stands, as far as its bytes tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Nothing is known yet, or an answer is awaited.
    Busy,
    /// It waits for a program.
    Ready,
    /// It is not where the protocol says.
    Lost(Lost),
}

/// What was found instead of what the protocol says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lost {
    /// The target started anew.
    Restart,
    /// The program prints more than is kept.
    Endless,
    /// Something other than the raw REPL's prompt follows the traceback.
    NoPrompt,
    /// The target does not acknowledge a program.
    NoAcknowledgement,
    /// The target answers the request for raw paste with something else, all at once.
    NoRawPaste,
}

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Lost::Restart => "it started anew in the middle of a program",
            Lost::Endless => "it printed more than a program may",
            Lost::NoPrompt => "no prompt of the raw REPL follows the program's end",
            Lost::NoAcknowledgement => "it does not acknowledge a program as the raw REPL does",
            Lost::NoRawPaste => "it does not answer the request for raw paste as it did before",
        })
    }
}

/// What is known of raw paste on the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// Nothing has been submitted yet.
    Unknown,
    /// It has raw paste, with windows of so many bytes.
    RawPaste {
        /// How many bytes each grant allows.
        window: usize,
    },
    /// It has not.
    Plain,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Whatever comes is not for this client.
    Listening,
    /// The raw REPL's banner is awaited.
    Entering,
    /// The answer to [`Client::probe`] is awaited: what came before it is stale.
    Probing,
    Ready,
    /// The answer to the request for raw paste is awaited.
    Requesting,
    /// Raw paste takes the program.
    Pasting,
    /// `OK` is awaited, of which so many bytes have come.
    Acknowledging(usize),
    Answering,
    Lost(Lost),
}

/// The client of one target.
#[derive(Debug)]
pub struct Client {
    state: State,
    dialect: Dialect,
    outgoing: Vec<u8>,
    program: Vec<u8>,
    /// How much of the program is in `outgoing` or has left it.
    pasted: usize,
    /// How many bytes raw paste takes now.
    credit: usize,
    answer: Answer,
    /// What came while something else than a program's answer was awaited.
    heard: Vec<u8>,
    probe: Vec<u8>,
    probe_answer: Vec<u8>,
    /// Whether anything came that nobody asked for.
    stale: bool,
    /// The program that has been begun to be sent before the last one's answer has come.
    queued: Option<Queued>,
}

/// A program that is next.
#[derive(Debug)]
struct Queued {
    program: Vec<u8>,
    marks: usize,
    /// How much of it has been sent with the request.
    pasted: usize,
    /// What the target has answered to the request already.
    early: Vec<u8>,
}

impl Client {
    /// A client for programs that print `mark` right before their end, if they reach it, and
    /// no more than `limit` bytes. `mark` is printable ASCII without quotes and backslashes;
    /// it must be such that no program prints it by chance.
    #[must_use]
    pub fn new(mark: &str, limit: usize) -> Client {
        Client {
            state: State::Listening,
            dialect: Dialect::Unknown,
            outgoing: Vec::new(),
            program: Vec::new(),
            pasted: 0,
            credit: 0,
            answer: Answer::new(mark.as_bytes(), limit),
            heard: Vec::new(),
            probe: format!("print('{mark}')\x04").into_bytes(),
            probe_answer: format!("OK{mark}").into_bytes(),
            stale: false,
            queued: None,
        }
    }

    /// Where the target stands.
    #[must_use]
    pub fn status(&self) -> Status {
        match self.state {
            State::Ready => Status::Ready,
            State::Lost(lost) => Status::Lost(lost),
            _ => Status::Busy,
        }
    }

    /// What is known of raw paste.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// What has to be written.
    #[must_use]
    pub fn outgoing(&self) -> &[u8] {
        &self.outgoing
    }

    /// So many bytes of [`Client::outgoing`] have been written.
    pub fn sent(&mut self, count: usize) {
        self.outgoing.drain(..count.min(self.outgoing.len()));
    }

    /// Whether the whole program has been written.
    #[must_use]
    pub fn has_submitted(&self) -> bool {
        self.outgoing.is_empty() && self.pasted > self.program.len()
    }

    /// Whether the target has taken the program and runs it.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.state == State::Answering
    }

    /// What the program has printed so far.
    #[must_use]
    pub fn output(&self) -> &[u8] {
        self.answer.output()
    }

    /// What the raw REPL printed apart from the program: an exception that nobody caught.
    #[must_use]
    pub fn traceback(&self) -> &[u8] {
        self.answer.traceback()
    }

    /// How many of its end marks the program has printed.
    #[must_use]
    pub fn marks(&self) -> usize {
        self.answer.marks()
    }

    /// Whether something came that nobody asked for, so that [`Client::enter`] has to find
    /// the place again before a program is submitted.
    #[must_use]
    pub fn is_stale(&self) -> bool {
        self.stale
    }

    /// Whether the target waits at a friendly prompt, as far as what came last tells.
    #[must_use]
    pub fn is_at_friendly_prompt(&self) -> bool {
        self.state == State::Listening && greeting::is_friendly(&self.heard)
    }

    /// Forgets where the target stands, and stops whatever runs there. The driver lets the
    /// answer pass before it calls [`Client::enter`]: a running program may take the request
    /// for its input.
    pub fn interrupt(&mut self) {
        self.listen();
        self.outgoing.extend_from_slice(b"\r\x03\x03");
    }

    /// Forgets where the target stands and waits for what it says by itself.
    pub fn listen(&mut self) {
        self.outgoing.clear();
        self.heard.clear();
        self.answer.expect(1);
        self.stale = false;
        self.queued = None;
        self.state = State::Listening;
    }

    /// Enters the raw REPL, or finds the place again when it is entered already.
    pub fn enter(&mut self) {
        self.listen();
        self.program.clear();
        self.request_banner();
    }

    /// Starts the target's interpreter anew and enters the raw REPL again. The target must be
    /// [`Status::Ready`].
    pub fn soft_reset(&mut self) {
        self.listen();
        self.program.clear();
        self.outgoing.push(END);
        self.state = State::Entering;
    }

    /// Starts the target's interpreter anew wherever it stands, as far as that can be done: what
    /// it says then has to pass before [`Client::enter`].
    pub fn soft_reset_blindly(&mut self) {
        self.interrupt();
        // The friendly REPL takes it even where the raw one does not answer.
        self.outgoing.extend_from_slice(b"\x02\x04");
    }

    /// Gives the running program input.
    pub fn feed(&mut self, input: &[u8]) {
        self.outgoing.extend_from_slice(input);
    }

    /// Stops the program that is being sent or runs; its answer is still awaited.
    pub fn abort(&mut self) {
        self.outgoing.clear();
        self.queued = None;
        self.outgoing.push(0x03);
        if self.state == State::Pasting {
            self.pasted = self.program.len() + 1;
        }
    }

    /// Submits a program, not an empty one: to a raw REPL that is a soft reset. The target must
    /// be [`Status::Ready`].
    pub fn submit(&mut self, program: &[u8], marks: usize) {
        self.outgoing.clear();
        self.heard.clear();
        self.answer.expect(marks);
        self.program.clear();
        self.program.extend_from_slice(program);
        self.pasted = 0;
        self.credit = 0;
        match self.dialect {
            Dialect::Unknown => {
                self.outgoing.extend_from_slice(REQUEST);
                self.state = State::Requesting;
            }
            Dialect::RawPaste { window } => {
                // A board's buffer holds two windows, so the first one can go along with the
                // request: that saves waiting for the answer.
                self.outgoing.extend_from_slice(REQUEST);
                self.state = State::Requesting;
                self.credit = window;
                self.paste();
            }
            Dialect::Plain => self.submit_plain(),
        }
    }

    /// Begins to send the next program while a program runs, where the target has raw paste: as
    /// much as it takes with a request, which its buffer holds. So the line is not idle while the
    /// answer comes. [`Client::submit_queued`] follows when it has come.
    pub fn queue(&mut self, program: &[u8], marks: usize) {
        let Dialect::RawPaste { window } = self.dialect else {
            return;
        };
        if self.state != State::Answering || self.queued.is_some() {
            return;
        }
        let pasted = program.len().min(window);
        self.outgoing.extend_from_slice(REQUEST);
        self.outgoing.extend_from_slice(&program[..pasted]);
        self.queued = Some(Queued {
            program: program.to_vec(),
            marks,
            pasted,
            early: Vec::new(),
        });
    }

    /// Goes on with the program if it was queued and the target is [`Status::Ready`] for it; says
    /// whether that is so.
    pub fn submit_queued(&mut self, program: &[u8]) -> bool {
        let queued = self.queued.take_if(|queued| queued.program == program);
        let Some(queued) = queued.filter(|_| self.state == State::Ready) else {
            return false;
        };
        let window = match self.dialect {
            Dialect::RawPaste { window } => window,
            _ => 0,
        };
        self.heard.clear();
        self.answer.expect(queued.marks);
        self.program = queued.program;
        self.pasted = queued.pasted;
        self.credit = window - queued.pasted.min(window);
        self.state = State::Requesting;
        // The end of a program that is all there.
        self.paste();
        self.receive(&queued.early);
        true
    }

    /// Whether a program was queued that is not gone on with.
    #[must_use]
    pub fn has_queued(&self) -> bool {
        self.queued.is_some()
    }

    /// Takes what was read.
    pub fn receive(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let taken = match self.state {
                State::Listening => {
                    self.hear(bytes);
                    bytes.len()
                }
                State::Ready => {
                    match &mut self.queued {
                        Some(queued) => queued.early.extend_from_slice(bytes),
                        None => self.stale = true,
                    }
                    bytes.len()
                }
                State::Lost(_) => bytes.len(),
                State::Entering => self.entering(bytes[0]),
                State::Probing => self.probing(bytes[0]),
                State::Requesting => self.requesting(bytes[0]),
                State::Pasting => self.pasting(bytes[0]),
                State::Acknowledging(count) => self.acknowledging(count, bytes[0]),
                State::Answering => self.answering(bytes),
            };
            bytes = &bytes[taken..];
        }
    }

    fn hear(&mut self, bytes: &[u8]) {
        self.heard.extend_from_slice(bytes);
        if self.heard.len() > 2 * TAIL {
            self.heard.drain(..self.heard.len() - TAIL);
        }
    }

    fn request_banner(&mut self) {
        self.heard.clear();
        self.outgoing.extend_from_slice(b"\r\x01");
        self.state = State::Entering;
    }

    fn entering(&mut self, byte: u8) -> usize {
        self.hear(&[byte]);
        if byte == b'>' && greeting::is_raw(&self.heard) {
            self.heard.clear();
            self.outgoing.extend_from_slice(&self.probe);
            self.state = State::Probing;
        }
        1
    }

    fn probing(&mut self, byte: u8) -> usize {
        self.hear(&[byte]);
        if byte == b'>' && self.is_probe_answered() {
            self.heard.clear();
            self.state = State::Ready;
            if !self.program.is_empty() {
                self.submit_plain();
            }
        }
        1
    }

    fn is_probe_answered(&self) -> bool {
        self.heard.strip_suffix(b"\n\x04\x04>").is_some_and(|said| {
            let line = said
                .iter()
                .rposition(|&byte| byte != b'\r')
                .map_or(0, |last| last + 1);
            said[..line].ends_with(&self.probe_answer)
        })
    }

    fn requesting(&mut self, byte: u8) -> usize {
        self.heard.push(byte);
        match self.heard.as_slice() {
            b"R" | [b'R', 0x01] | [b'R', 0x01, _] => {}
            &[b'R', 0x01, low, high] => match usize::from(u16::from_le_bytes([low, high])) {
                0 => self.refused(),
                window => self.accepted(window),
            },
            // Nothing of the program is on its way, so the target still waits for it.
            b"R\x00" if self.pasted == 0 => self.submit_plain(),
            said if greeting::is_raw(said) => {
                if self.pasted == 0 {
                    self.submit_plain();
                } else {
                    self.refused();
                }
            }
            said if said.len() < TAIL && greeting::may_become_raw(said) => {}
            _ => self.refused(),
        }
        1
    }

    fn accepted(&mut self, window: usize) {
        self.dialect = Dialect::RawPaste { window };
        self.credit = window.saturating_sub(self.pasted.min(self.program.len()));
        self.state = State::Pasting;
        self.paste();
    }

    /// The answer to the request is none: a target of which nothing is known yet is taken for
    /// one without raw paste.
    fn refused(&mut self) {
        if self.dialect == Dialect::Unknown {
            self.dialect = Dialect::Plain;
            self.request_banner();
        } else {
            self.state = State::Lost(Lost::NoRawPaste);
        }
    }

    fn submit_plain(&mut self) {
        self.dialect = Dialect::Plain;
        self.outgoing.extend_from_slice(&self.program);
        self.outgoing.push(END);
        self.pasted = self.program.len() + 1;
        self.state = State::Acknowledging(0);
    }

    /// Hands out as much of the program as the target has granted.
    fn paste(&mut self) {
        let Some(rest) = self.program.get(self.pasted..) else {
            return;
        };
        let count = rest.len().min(self.credit);
        self.outgoing.extend_from_slice(&rest[..count]);
        self.pasted += count;
        self.credit -= count;
        if self.pasted == self.program.len() {
            self.outgoing.push(END);
            self.pasted += 1;
        }
    }

    fn pasting(&mut self, byte: u8) -> usize {
        match (byte, self.dialect) {
            (GRANT, Dialect::RawPaste { window }) => {
                self.credit += window;
                self.paste();
            }
            (END, _) => {
                // The target may end the paste early: it then waits for an end in return.
                if self.pasted <= self.program.len() {
                    self.outgoing.push(END);
                    self.pasted = self.program.len() + 1;
                }
                self.state = State::Answering;
            }
            _ => self.state = State::Lost(Lost::NoAcknowledgement),
        }
        1
    }

    fn acknowledging(&mut self, count: usize, byte: u8) -> usize {
        self.state = match (count, byte) {
            (0, b'O') => State::Acknowledging(1),
            (1, b'K') => State::Answering,
            _ => State::Lost(Lost::NoAcknowledgement),
        };
        1
    }

    fn answering(&mut self, bytes: &[u8]) -> usize {
        let Some((taken, end)) = self.answer.receive(bytes) else {
            return bytes.len();
        };
        self.state = match end {
            End::Prompt => State::Ready,
            End::Restart => State::Lost(Lost::Restart),
            End::Endless => State::Lost(Lost::Endless),
            End::NoPrompt => State::Lost(Lost::NoPrompt),
        };
        taken
    }
}
