//! Owns how a worker ended, and what that says of what it was doing.

use std::io;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use nix::sys::signal::Signal;
use serde::{Deserialize, Serialize};
use trueline_agent::memory::{Limits, OUT_OF_MEMORY};

use super::cpu::OUT_OF_TIME;
use crate::links::unknown_end;

/// How a worker ended that was not told to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Death {
    /// It took more memory than it may.
    OutOfMemory,
    /// It computed for longer than it may, and heard no interrupt.
    OutOfTime,
    /// Its interpreter failed; the text says how, in a clause that follows "it".
    Crashed(String),
}

impl Death {
    /// What it means that a process has ended in this way, if the system says in which.
    #[must_use]
    pub fn after(ended: io::Result<ExitStatus>) -> Death {
        match ended {
            Ok(status) => Death::of(status),
            Err(error) => Death::Crashed(unknown_end(&error)),
        }
    }

    /// What the status of an ended process means.
    #[must_use]
    pub fn of(status: ExitStatus) -> Death {
        match (status.code(), status.signal()) {
            (Some(code), _) => Death::by_code(code),
            (None, Some(number)) => match Signal::try_from(number) {
                Ok(signal) => Death::by_signal(signal),
                Err(_) => Death::Crashed(format!("was ended by signal {number}")),
            },
            (None, None) => Death::Crashed("ended".to_owned()),
        }
    }

    /// What an exit status means that nobody asked for.
    #[must_use]
    pub fn by_code(code: i32) -> Death {
        match code {
            OUT_OF_MEMORY => Death::OutOfMemory,
            code => Death::Crashed(format!("ended with exit status {code}")),
        }
    }

    /// What the signal means that ended a process.
    #[must_use]
    pub fn by_signal(signal: Signal) -> Death {
        match signal {
            OUT_OF_TIME => Death::OutOfTime,
            signal => Death::Crashed(format!("was ended by {signal}")),
        }
    }

    /// What the process did, in a clause that follows "it".
    #[must_use]
    pub fn clause(&self) -> String {
        match self {
            Death::OutOfMemory => format!(
                "took more than {} MiB of memory",
                Limits::OF_PROGRAMS.hard >> 20
            ),
            Death::OutOfTime => "computed for too long and could not be interrupted".to_owned(),
            Death::Crashed(how) => how.clone(),
        }
    }
}
