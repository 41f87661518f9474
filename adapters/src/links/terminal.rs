//! Owns a command on a terminal of its own: raw, so that every byte gets through as it is, and
//! the command's controlling terminal, so that it ends with it.

use std::fmt::Display;
use std::io;

use nix::sys::termios::{self, OutputFlags, SetArg};
use pty_process::blocking::{Command, Pts};

use super::child::{self, Child};
use super::line::Line;
use super::{Link, OtherEnd};

/// Starts a command, given as its words.
pub(super) fn start(words: &[String]) -> Result<Link, String> {
    let (program, arguments) = words.split_first().ok_or("the command is empty")?;
    let (host, target) = pty_process::blocking::open().map_err(no_terminal)?;
    make_raw(&target).map_err(no_terminal)?;
    let line = Line::new(host.into()).map_err(no_terminal)?;
    let process = Command::new(program)
        .args(arguments)
        .spawn(target)
        .map_err(|error| {
            let error = match error {
                pty_process::Error::Io(error) => error,
                pty_process::Error::Rustix(error) => io::Error::from(error),
            };
            child::explain(program, &error)
        })?;
    Ok(Link {
        line: Some(line),
        end: OtherEnd::Terminal(Child::new(process)),
        baud: None,
    })
}

fn no_terminal(error: impl Display) -> String {
    format!("the system gave no terminal for it: {error}")
}

/// A command that sets up its terminal itself often asks for output processing again: that must
/// not add carriage returns.
fn make_raw(target: &Pts) -> nix::Result<()> {
    let mut modes = termios::tcgetattr(target)?;
    termios::cfmakeraw(&mut modes);
    modes.output_flags.remove(OutputFlags::ONLCR);
    termios::tcsetattr(target, SetArg::TCSANOW, &modes)
}
