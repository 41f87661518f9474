//! Owns the friendly REPL: prompts, statements over several lines, paste mode.
//! The bytes are those of MicroPython's `pyexec.c`.

use super::continuation::goes_on;
use super::line::{Entered, Line};
use super::{CTRL_A, CTRL_B, CTRL_C, CTRL_D, CTRL_E, Ending, Form, Mode, Repl, Source};
use crate::console::cooked;

const PROMPT: &str = ">>> ";
const MORE: &str = "... ";
const PASTE: &str = "=== ";

#[derive(Debug, Default)]
pub(super) struct Friendly {
    line: Line,
    /// The lines of the statement before this one.
    earlier: String,
    paste: Option<Source>,
}

impl Repl {
    pub(super) fn greet_friendly(&mut self) {
        let banner = format!("{}\r\n{PROMPT}", self.banner);
        self.write(banner);
    }

    pub(super) fn step_friendly(&mut self, byte: u8) {
        let Mode::Friendly(friendly) = &mut self.mode else {
            return;
        };
        if friendly.paste.is_some() {
            return self.step_pasted(byte);
        }
        let (echo, entered) = friendly.line.push(byte);
        self.write(echo);
        match entered {
            None => {}
            Some(Entered::Line(line)) => {
                self.after_return = byte == b'\r';
                self.entered(line);
            }
            Some(Entered::Control(control)) => self.control(control),
        }
    }

    fn entered(&mut self, line: String) {
        let Mode::Friendly(friendly) = &mut self.mode else {
            return;
        };
        friendly.earlier.push_str(&line);
        if friendly.earlier.is_empty() {
            return self.write(PROMPT);
        }
        if goes_on(&friendly.earlier) {
            friendly.earlier.push('\n');
            return self.write(MORE);
        }
        self.run_statement();
    }

    fn run_statement(&mut self) {
        let Mode::Friendly(friendly) = &mut self.mode else {
            return;
        };
        let statement = std::mem::take(&mut friendly.earlier);
        self.run(statement.into_bytes(), Form::Statement);
    }

    fn control(&mut self, control: u8) {
        let Mode::Friendly(friendly) = &mut self.mode else {
            return;
        };
        let continued = !friendly.earlier.is_empty();
        match control {
            CTRL_C => {
                friendly.earlier.clear();
                self.write("\r\n");
                self.write(PROMPT);
            }
            // Within a statement only Ctrl-C and Ctrl-D mean something.
            CTRL_D if continued => self.run_statement(),
            _ if continued => self.entered(String::new()),
            CTRL_A => {
                self.write("\r\n");
                self.enter_raw();
            }
            CTRL_B => {
                self.write("\r\n");
                self.greet_friendly();
            }
            CTRL_D => {
                self.write("\r\n");
                self.reset();
            }
            CTRL_E => {
                friendly.paste = Some(Source::default());
                self.write("\r\npaste mode; Ctrl-C to cancel, Ctrl-D to finish\r\n");
                self.write(PASTE);
            }
            _ => {}
        }
    }

    fn step_pasted(&mut self, byte: u8) {
        let Mode::Friendly(Friendly { paste, .. }) = &mut self.mode else {
            return;
        };
        let Some(source) = paste else { return };
        match byte {
            CTRL_C => {
                *paste = None;
                self.write("\r\n");
                self.write(PROMPT);
            }
            CTRL_D => {
                let program = source.take();
                *paste = None;
                self.write("\r\n");
                match program {
                    Ok(program) => self.run(program, Form::File),
                    Err(too_long) => self.finished_friendly(too_long),
                }
            }
            b'\r' => {
                source.push(b'\n');
                self.write("\r\n");
                self.write(PASTE);
            }
            byte => {
                source.push(byte);
                self.write([byte]);
            }
        }
    }

    pub(super) fn finished_friendly(&mut self, ending: Ending) {
        match ending {
            Ending::Finished => self.write(PROMPT),
            Ending::Raised(traceback) => {
                self.write(cooked(&traceback));
                self.write(PROMPT);
            }
            Ending::Exited => self.reset(),
        }
    }
}
