//! Owns a child process with a process group of its own, which ends with its owner. Does not
//! know what the child is.

use std::io;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

/// A running child that leads its process group.
#[derive(Debug)]
pub(crate) struct Child {
    process: std::process::Child,
    ended: Option<ExitStatus>,
}

impl Child {
    /// Takes over a child that leads its process group.
    pub(crate) fn new(process: std::process::Child) -> Child {
        Child {
            process,
            ended: None,
        }
    }

    /// Sends its group what Ctrl-C on a terminal would; says whether anybody got it.
    pub(super) fn interrupt(&self) -> bool {
        self.ended.is_none() && self.signal(Signal::SIGINT)
    }

    fn signal(&self, signal: Signal) -> bool {
        let group = i32::try_from(self.process.id()).map(Pid::from_raw);
        group.is_ok_and(|group| killpg(group, signal).is_ok())
    }

    /// Ends the group. A child that is ending already keeps the status that it ends with.
    pub(crate) fn end(&mut self) -> io::Result<ExitStatus> {
        if let Some(status) = self.ended {
            return Ok(status);
        }
        self.signal(Signal::SIGKILL);
        let status = self.process.wait()?;
        self.ended = Some(status);
        Ok(status)
    }

    /// How it ended, now that it has left its line. A child that has left it and still runs is
    /// of no use any more: it is ended, and `left` says what it did.
    pub(super) fn obituary(&mut self, left: &str) -> String {
        match self.end() {
            Ok(status) => match (status.code(), status.signal()) {
                (Some(code), _) => format!("ended with exit status {code}"),
                (None, Some(9)) => left.to_owned(),
                (None, Some(number)) => match Signal::try_from(number) {
                    Ok(signal) => format!("was ended by {signal}"),
                    Err(_) => format!("was ended by signal {number}"),
                },
                (None, None) => "ended".to_owned(),
            },
            Err(error) => unknown_end(&error),
        }
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // Nobody is left who could be told.
        self.end().ok();
    }
}

/// What became of a process whose status the system does not give, in a clause that follows "it".
pub(crate) fn unknown_end(error: &io::Error) -> String {
    format!("ended, nobody knows how ({error})")
}

/// Why a command could not be started, and the remedy.
pub(super) fn explain(program: &str, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound if program.contains('/') => {
            format!("there is no `{program}`; check the path")
        }
        io::ErrorKind::NotFound => format!(
            "`{program}` was not found in any folder of PATH; install it, or give its full path"
        ),
        io::ErrorKind::PermissionDenied => {
            format!("`{program}` may not be run ({error}); is it executable?")
        }
        _ => format!("`{program}` could not be started: {error}"),
    }
}
