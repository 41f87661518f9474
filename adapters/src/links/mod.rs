//! Owns the lines to targets: bytes both ways, an interrupt, and what became of whoever was at
//! the other end. Knows no protocol.
//!
//! [`terminal`] starts a command on a terminal of its own, [`host_python`] starts CPython, and
//! [`agent`] starts the reference agent in this process.

mod agent;
mod child;
mod host_python;
mod terminal;

use std::io;

use tokio::net::UnixStream;

use crate::error::BenchError;
use crate::target_url::{Place, TargetUrl};
use child::Child;
use terminal::Terminal;

/// An open line to a target. Dropping it ends the target that it started.
#[derive(Debug)]
pub(crate) struct Link {
    line: Line,
    child: Option<Child>,
}

#[derive(Debug)]
enum Line {
    Terminal(Terminal),
    Socket(UnixStream),
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
            Place::Command(words) => terminal::start(words),
            Place::Python(program) => host_python::start(program),
        };
        opened.map_err(|reason| BenchError::Open { target: url.to_string(), reason })
    }

    /// Whether bytes may be lost when they come faster than the target reads, so that they have
    /// to be paced where nothing else holds them back.
    pub(crate) fn is_terminal(&self) -> bool {
        matches!(self.line, Line::Terminal(_))
    }

    /// Reads what has come, at least one byte; 0 at the line's end.
    pub(crate) async fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        match &self.line {
            Line::Terminal(terminal) => terminal.read(buffer).await,
            Line::Socket(socket) => loop {
                socket.readable().await?;
                match socket.try_read(buffer) {
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                    Err(error) if is_end(&error) => return Ok(0),
                    read => return read,
                }
            },
        }
    }

    /// Reads what has come already; `None` when there is nothing.
    pub(crate) fn read_now(&self, buffer: &mut [u8]) -> Option<io::Result<usize>> {
        let read = match &self.line {
            Line::Terminal(terminal) => terminal.read_now(buffer),
            Line::Socket(socket) => socket.try_read(buffer),
        };
        match read {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => None,
            Err(error) if is_end(&error) => Some(Ok(0)),
            read => Some(read),
        }
    }

    /// Writes as much as the line takes, at least one byte.
    pub(crate) async fn write(&self, bytes: &[u8]) -> io::Result<usize> {
        match &self.line {
            Line::Terminal(terminal) => terminal.write(bytes).await,
            Line::Socket(socket) => loop {
                match socket.try_write(bytes) {
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                        socket.writable().await?;
                    }
                    written => return written,
                }
            },
        }
    }

    /// Interrupts the target by a signal, as a terminal would, where it can get one.
    pub(crate) fn signal_interrupt(&self) -> bool {
        match (&self.line, &self.child) {
            (Line::Terminal(_), Some(child)) => child.interrupt(),
            _ => false,
        }
    }

    /// What became of whoever was at the other end of a line that has ended, in a clause that
    /// follows "it".
    pub(crate) fn obituary(&mut self) -> String {
        match (&mut self.child, &self.line) {
            (Some(child), line) => child.obituary(match line {
                Line::Terminal(_) => "closed its terminal",
                Line::Socket(_) => "closed its standard streams",
            }),
            (None, _) => "closed the line".to_owned(),
        }
    }
}

/// Whether an error of the line means that nobody is at its other end any more.
pub(crate) fn is_end(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset | io::ErrorKind::NotConnected
    ) || error.raw_os_error() == Some(nix::libc::EIO)
}
