//! Owns the lines to targets: bytes both ways, an interrupt, and what became of whoever was at
//! the other end. Knows no protocol.
//!
//! `terminal` starts a command on a terminal of its own, `host_python` starts CPython, and
//! `agent` starts the reference agent in this process.

mod agent;
mod child;
mod host_python;
mod line;
mod terminal;

use std::io;

use crate::error::BenchError;
use crate::target_url::{Place, TargetUrl};
use child::Child;
use line::Line;

/// An open line to a target. Dropping it ends the target that it started.
#[derive(Debug)]
pub(crate) struct Link {
    kind: Kind,
    line: Line,
    child: Option<Child>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Terminal,
    Socket,
}

impl Link {
    /// Starts the target and opens the line to it.
    ///
    /// # Errors
    ///
    /// [`BenchError::Open`] when it cannot be started.
    pub(crate) fn open(url: &TargetUrl) -> Result<Link, BenchError> {
        let opened = match url.place() {
            Place::Agent => agent::start(),
            Place::Sim => Err("a simulated board has no line".to_owned()),
            Place::Command(words) => terminal::start(words),
            Place::Python(program) => host_python::start(program),
        };
        opened.map_err(|reason| BenchError::Open {
            target: url.to_string(),
            reason,
        })
    }

    /// Whether bytes may be lost when they come faster than the target reads, so that they have
    /// to be paced where nothing else holds them back: behind a terminal there may be a serial
    /// line.
    pub(crate) fn may_lose_bytes(&self) -> bool {
        self.kind == Kind::Terminal
    }

    /// The speed of the line in bits a second, where it has one.
    pub(crate) fn baud(&self) -> Option<u32> {
        None
    }

    /// Reads what has come, at least one byte; 0 at the line's end.
    pub(crate) async fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        self.line.read(buffer).await
    }

    /// Reads what has come already; `None` when there is nothing.
    pub(crate) fn read_now(&self, buffer: &mut [u8]) -> Option<io::Result<usize>> {
        self.line.read_now(buffer)
    }

    /// Writes as much as the line takes, at least one byte; 0 at the line's end, before which
    /// there may be something to read.
    pub(crate) async fn write(&self, bytes: &[u8]) -> io::Result<usize> {
        match self.line.write(bytes).await {
            Err(error) if line::is_end(&error) => Ok(0),
            written => written,
        }
    }

    /// Interrupts the target by a signal, as a terminal would, where it can get one.
    pub(crate) fn signal_interrupt(&self) -> bool {
        self.kind == Kind::Terminal && self.child.as_ref().is_some_and(Child::interrupt)
    }

    /// What became of whoever was at the other end of a line that has ended, in a clause that
    /// follows "it".
    pub(crate) fn obituary(&mut self) -> String {
        let left = match self.kind {
            Kind::Terminal => "closed its terminal",
            Kind::Socket => "closed the line",
        };
        match &mut self.child {
            Some(child) => child.obituary(left),
            None => left.to_owned(),
        }
    }
}
