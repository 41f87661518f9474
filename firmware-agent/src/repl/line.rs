//! Owns the editing of one line, as the friendly REPL and `input()` have it: echo, backspace,
//! line ends. No history and no cursor movement: their keys are swallowed. That CR LF is one line
//! end is the REPL's to see: the LF comes after the line has ended.

use super::{CTRL_A, CTRL_C, CTRL_E};

/// The longest line; more is not taken.
const LONGEST: usize = 65536;

const BACKSPACE: u8 = 0x08;
const TAB: u8 = 0x09;
const ESCAPE: u8 = 0x1b;
const DELETE: u8 = 0x7f;

/// A line that is being typed.
#[derive(Debug, Default)]
pub struct Line {
    bytes: Vec<u8>,
    escape: Escape,
}

#[derive(Debug, Default, PartialEq, Eq)]
enum Escape {
    #[default]
    None,
    Started,
    Sequence,
}

/// What the line ended with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entered {
    /// A line, without its end.
    Line(String),
    /// A control byte, Ctrl-A to Ctrl-E, on an empty line, or Ctrl-C on any.
    Control(u8),
}

impl Line {
    /// Takes a byte; gives what is echoed, and what was entered if the line has ended.
    pub fn push(&mut self, byte: u8) -> (Vec<u8>, Option<Entered>) {
        match std::mem::take(&mut self.escape) {
            Escape::None => {}
            Escape::Started => {
                if matches!(byte, b'[' | b'O') {
                    self.escape = Escape::Sequence;
                }
                return (Vec::new(), None);
            }
            Escape::Sequence => {
                if !(0x40..=0x7e).contains(&byte) {
                    self.escape = Escape::Sequence;
                }
                return (Vec::new(), None);
            }
        }
        match byte {
            CTRL_C => {
                self.bytes.clear();
                (Vec::new(), Some(Entered::Control(byte)))
            }
            CTRL_A..=CTRL_E if self.bytes.is_empty() => (Vec::new(), Some(Entered::Control(byte))),
            b'\r' | b'\n' => {
                let line = String::from_utf8_lossy(&std::mem::take(&mut self.bytes)).into_owned();
                (b"\r\n".to_vec(), Some(Entered::Line(line)))
            }
            BACKSPACE | DELETE => (self.erase(), None),
            ESCAPE => {
                self.escape = Escape::Started;
                (Vec::new(), None)
            }
            TAB | b' '.. if self.bytes.len() < LONGEST => {
                self.bytes.push(byte);
                (vec![byte], None)
            }
            _ => (Vec::new(), None),
        }
    }

    /// Takes the last character away, with all its bytes.
    fn erase(&mut self) -> Vec<u8> {
        let Some(last) = self.bytes.iter().rposition(|byte| byte & 0xc0 != 0x80) else {
            return Vec::new();
        };
        self.bytes.truncate(last);
        b"\x08\x1b[K".to_vec()
    }
}
