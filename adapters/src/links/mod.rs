//! Owns the lines to targets: bytes both ways, an interrupt, and what became of whoever was at
//! the other end. Knows no protocol.
//!
//! `access` is the way to a target and opens lines: `terminal` starts a command on a terminal of
//! its own, `host_python` starts CPython, `agent` starts the reference agent in a worker;
//! `serial` opens a device of this machine, `tcp` connects to a server, and `rfc2217` to one that
//! has a serial line; `labgrid` takes a place of a farm and says which of these leads to its board.

mod access;
mod agent;
mod child;
mod host_python;
mod labgrid;
mod line;
mod reset;
mod rfc2217;
mod serial;
mod tcp;
mod terminal;

use std::io;

pub(crate) use access::Access;
pub(crate) use child::{Child, unknown_end};
use line::Line;

use crate::worker::Death;

/// An open line to a target. Dropping it closes it, so that it can be opened again at once, and
/// ends the target that it started.
#[derive(Debug)]
pub(crate) struct Link {
    /// `None` once it is closed.
    line: Option<Line>,
    end: OtherEnd,
    baud: Option<u32>,
}

/// Who is at the other end.
#[derive(Debug)]
enum OtherEnd {
    /// A command on a terminal of its own.
    Terminal(Child),
    /// A program on a socket of its own.
    Program(Child),
    /// A worker of Trueline's, in the same way.
    Worker(Child),
    /// A device of this machine.
    Device(serial::Port),
    /// A server that passes bytes on as they are.
    Server,
    /// A server that has a serial line.
    SerialServer(rfc2217::Session),
    /// Nobody any more.
    Closed,
}

impl Link {
    /// Whether bytes may be lost when they come faster than the target reads, so that they have
    /// to be paced where nothing else holds them back: there is a serial line, or behind a
    /// terminal there may be one.
    pub(crate) fn may_lose_bytes(&self) -> bool {
        match self.end {
            OtherEnd::Terminal(_)
            | OtherEnd::Device(_)
            | OtherEnd::Server
            | OtherEnd::SerialServer(_) => true,
            OtherEnd::Program(_) | OtherEnd::Worker(_) | OtherEnd::Closed => false,
        }
    }

    /// The speed of the serial line, in bits a second; `None` where there is none, or where
    /// nobody has said it.
    pub(crate) fn baud(&self) -> Option<u32> {
        self.baud
    }

    /// Resets the target by the control lines, as most boards can be; says whether there are
    /// any. What the target says of it is still to be read.
    ///
    /// # Errors
    ///
    /// When the lines are there and cannot be changed.
    pub(crate) async fn pulse(&mut self) -> io::Result<bool> {
        match (&mut self.end, &self.line) {
            (OtherEnd::Device(port), _) => port.pulse().await,
            (OtherEnd::SerialServer(session), Some(line)) => session.pulse(line).await,
            _ => Ok(false),
        }
    }

    /// Closes the line before its owner is dropped, so that it can be opened again; a target that
    /// it started is ended.
    pub(crate) fn close(&mut self) {
        self.line = None;
        self.end = OtherEnd::Closed;
    }

    /// Reads what has come, at least one byte; 0 at the line's end.
    pub(crate) async fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        match (&self.line, &self.end) {
            (Some(line), OtherEnd::SerialServer(session)) => session.read(line, buffer).await,
            (Some(line), _) => line.read(buffer).await,
            (None, _) => Ok(0),
        }
    }

    /// Reads what has come already; `None` when there is nothing.
    pub(crate) fn read_now(&self, buffer: &mut [u8]) -> Option<io::Result<usize>> {
        match (&self.line, &self.end) {
            (Some(line), OtherEnd::SerialServer(session)) => session.read_now(line, buffer),
            (Some(line), _) => line.read_now(buffer),
            (None, _) => Some(Ok(0)),
        }
    }

    /// Writes as much as the line takes, at least one byte; 0 at the line's end, before which
    /// there may be something to read.
    pub(crate) async fn write(&self, bytes: &[u8]) -> io::Result<usize> {
        let written = match (&self.line, &self.end) {
            (Some(line), OtherEnd::SerialServer(session)) => session.write(line, bytes).await,
            (Some(line), _) => line.write(bytes).await,
            (None, _) => Ok(0),
        };
        match written {
            Err(error) if line::is_end(&error) => Ok(0),
            written => written,
        }
    }

    /// Interrupts the target by a signal, as a terminal would, where it can get one.
    pub(crate) fn signal_interrupt(&self) -> bool {
        match &self.end {
            OtherEnd::Terminal(child) => child.interrupt(),
            _ => false,
        }
    }

    /// What became of whoever was at the other end of a line that has ended, in a clause that
    /// follows "it".
    pub(crate) fn obituary(&mut self) -> String {
        match &mut self.end {
            OtherEnd::Terminal(child) => child.obituary("closed its terminal"),
            OtherEnd::Program(child) => child.obituary("closed the line"),
            OtherEnd::Worker(child) => Death::after(child.end()).clause(),
            OtherEnd::Device(_) => "left with its serial device; was it unplugged?".to_owned(),
            OtherEnd::Server | OtherEnd::SerialServer(_) => {
                "was cut off: the server closed the connection".to_owned()
            }
            OtherEnd::Closed => "has no line any more".to_owned(),
        }
    }
}
