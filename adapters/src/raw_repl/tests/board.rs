//! Owns a model of a board's raw REPL, just good enough to talk to the client. It runs nothing:
//! it keeps each program and answers `done`, but prints what a lone `print('…')` would.

use std::mem;

const BANNER: &[u8] = b"raw REPL; CTRL-B to exit\r\n>";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Friendly,
    Raw,
    Pasting,
}

/// How a board answers the request for raw paste.
#[derive(Debug, Clone, Copy)]
enum Answer {
    Windows(u16),
    Text(&'static [u8]),
}

/// The model.
pub(super) struct Board {
    answer: Answer,
    mode: Mode,
    line: Vec<u8>,
    program: Vec<u8>,
    outgoing: Vec<u8>,
    /// How many bytes of the paste the host may still send.
    granted: usize,
    consumed: usize,
    overrun: bool,
    resets: usize,
}

impl Board {
    fn new(answer: Answer) -> Board {
        Board {
            answer,
            mode: Mode::Friendly,
            line: Vec::new(),
            program: Vec::new(),
            outgoing: Vec::new(),
            granted: 0,
            consumed: 0,
            overrun: false,
            resets: 0,
        }
    }

    /// One with raw paste.
    pub(super) fn pasting(window: u16) -> Board {
        Board::new(Answer::Windows(window))
    }

    /// One that answers the request so.
    pub(super) fn refusing(answer: &'static [u8]) -> Board {
        Board::new(Answer::Text(answer))
    }

    /// An old one, which takes the end of the request for Ctrl-A.
    pub(super) fn banner() -> Board {
        Board::refusing(BANNER)
    }

    pub(super) fn enter_raw(&mut self) {
        self.mode = Mode::Raw;
    }

    pub(super) fn program(&self) -> &[u8] {
        &self.program
    }

    pub(super) fn was_overrun(&self) -> bool {
        self.overrun
    }

    pub(super) fn resets(&self) -> usize {
        self.resets
    }

    /// What it has to say, at most so many bytes of it.
    pub(super) fn say(&mut self, count: usize) -> Vec<u8> {
        let rest = self.outgoing.split_off(self.outgoing.len().min(count));
        mem::replace(&mut self.outgoing, rest)
    }

    pub(super) fn receive(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            match self.mode {
                Mode::Friendly => self.friendly(byte),
                Mode::Raw => self.raw(byte),
                Mode::Pasting => self.pasting_byte(byte),
            }
        }
    }

    fn friendly(&mut self, byte: u8) {
        match byte {
            0x01 => {
                self.outgoing.extend_from_slice(BANNER);
                self.mode = Mode::Raw;
            }
            _ => self.outgoing.extend_from_slice(b"\r\n>>> "),
        }
    }

    fn raw(&mut self, byte: u8) {
        match byte {
            0x01 if self.line == b"\x05A" => {
                self.line.clear();
                match self.answer {
                    Answer::Windows(window) => {
                        self.outgoing.extend_from_slice(b"R\x01");
                        self.outgoing.extend_from_slice(&window.to_le_bytes());
                        self.outgoing.push(0x01);
                        self.granted = 2 * usize::from(window);
                        self.consumed = 0;
                        self.mode = Mode::Pasting;
                    }
                    Answer::Text(text) => self.outgoing.extend_from_slice(text),
                }
            }
            0x01 => {
                self.line.clear();
                self.outgoing.extend_from_slice(BANNER);
            }
            0x03 => self.line.clear(),
            0x04 if self.line.is_empty() => {
                self.resets += 1;
                self.outgoing
                    .extend_from_slice(b"OK\r\nMPY: soft reboot\r\n");
                self.outgoing.extend_from_slice(BANNER);
            }
            0x04 => {
                self.outgoing.extend_from_slice(b"OK");
                self.run();
            }
            b'\r' => {}
            _ => self.line.push(byte),
        }
    }

    fn pasting_byte(&mut self, byte: u8) {
        if byte == 0x04 {
            self.outgoing.push(0x04);
            self.mode = Mode::Raw;
            self.run();
            return;
        }
        let Answer::Windows(window) = self.answer else {
            return;
        };
        self.line.push(byte);
        match self.granted.checked_sub(1) {
            Some(granted) => self.granted = granted,
            None => self.overrun = true,
        }
        self.consumed += 1;
        if self.consumed.is_multiple_of(usize::from(window)) {
            self.outgoing.push(0x01);
            self.granted += usize::from(window);
        }
    }

    fn run(&mut self) {
        self.program = mem::take(&mut self.line);
        let printed = self
            .program
            .strip_prefix(b"print('")
            .and_then(|rest| rest.strip_suffix(b"')"))
            .unwrap_or(b"done");
        self.outgoing.extend_from_slice(printed);
        self.outgoing.extend_from_slice(b"\r\n\x04\x04>");
    }
}
