//! Owns the raw REPL: programs framed by Ctrl-D, with raw paste's flow control or without.
//! Byte for byte what MicroPython's `pyexec.c` does.

use super::friendly::Friendly;
use super::{Action, CTRL_A, CTRL_B, CTRL_C, CTRL_D, CTRL_E, Ending, Form, Mode, Repl, Source};
use crate::console::cooked;

/// The window of raw paste: the host may send so many bytes for each credit. Two are given at
/// first.
pub const WINDOW: u16 = 1024;

/// Gives a credit.
const CREDIT: [u8; 1] = [0x01];

#[derive(Debug, Default)]
pub(super) struct Raw {
    input: Input,
}

#[derive(Debug)]
enum Input {
    Plain(Source),
    /// With how many bytes are left of the window.
    Paste(Source, u16),
}

impl Default for Input {
    fn default() -> Self {
        Self::Plain(Source::default())
    }
}

impl Repl {
    pub(super) fn greet_raw(&mut self) {
        self.write("raw REPL; CTRL-B to exit\r\n>");
    }

    pub(super) fn enter_raw(&mut self) {
        self.mode = Mode::Raw(Raw::default());
        self.greet_raw();
    }

    pub(super) fn step_raw(&mut self, byte: u8) {
        let Mode::Raw(raw) = &mut self.mode else {
            return;
        };
        match &mut raw.input {
            Input::Plain(_) => self.step_plain(byte),
            Input::Paste(..) => self.step_paste(byte),
        }
    }

    fn step_plain(&mut self, byte: u8) {
        let Mode::Raw(Raw {
            input: Input::Plain(source),
        }) = &mut self.mode
        else {
            return;
        };
        match byte {
            CTRL_A => match *source.bytes.as_slice() {
                [CTRL_E, command] => self.special(command),
                _ => {
                    source.clear();
                    self.greet_raw();
                }
            },
            CTRL_B => {
                self.mode = Mode::Friendly(Friendly::default());
                self.write("\r\n");
                self.greet_friendly();
            }
            CTRL_C => source.clear(),
            CTRL_D => {
                let program = source.take();
                self.write("OK");
                match program {
                    Ok(program) if program.is_empty() => {
                        self.write("\r\n");
                        self.reset();
                    }
                    Ok(program) => self.run(program, Form::File),
                    Err(too_long) => self.finished_raw(too_long),
                }
            }
            byte => source.push(byte),
        }
    }

    /// Ctrl-E, a letter, Ctrl-A.
    fn special(&mut self, command: u8) {
        if command == b'A' {
            self.mode = Mode::Raw(Raw {
                input: Input::Paste(Source::default(), WINDOW),
            });
            self.write(b"R\x01");
            self.write(WINDOW.to_le_bytes());
            self.write(CREDIT);
        } else {
            self.mode = Mode::Raw(Raw::default());
            self.write(b"R\x00>");
        }
    }

    fn step_paste(&mut self, byte: u8) {
        let Mode::Raw(Raw {
            input: Input::Paste(source, left),
        }) = &mut self.mode
        else {
            return;
        };
        match byte {
            CTRL_C | CTRL_D => {
                let program = source.take();
                self.mode = Mode::Raw(Raw::default());
                self.write([CTRL_D]);
                match program {
                    _ if byte == CTRL_C => {
                        self.finished_raw(Ending::Raised("KeyboardInterrupt: \n".to_owned()));
                    }
                    Ok(program) => self.run(program, Form::File),
                    Err(too_long) => self.finished_raw(too_long),
                }
            }
            byte => {
                source.push(byte);
                *left -= 1;
                if *left == 0 {
                    *left = WINDOW;
                    self.write(CREDIT);
                }
            }
        }
    }

    pub(super) fn finished_raw(&mut self, ending: Ending) {
        self.write([CTRL_D]);
        match ending {
            Ending::Finished => self.write(b"\x04>"),
            Ending::Raised(traceback) => {
                self.write(cooked(&traceback));
                self.write(b"\x04>");
            }
            Ending::Exited => {
                self.write([CTRL_D]);
                self.actions.push(Action::Reset);
                self.busy = true;
            }
        }
    }
}
