//! Owns the worker's side of its line: messages taken and given, one at a time. Blocks the thread.

use std::io::{self, Read as _, Write as _};
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::net::UnixStream;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::frames;

/// The socket that a worker has as its standard input.
///
/// # Errors
///
/// When it is none: the process was not started as a worker.
pub fn inherited() -> io::Result<UnixStream> {
    let line: OwnedFd = io::stdin().as_fd().try_clone_to_owned()?;
    let line = UnixStream::from(line);
    line.peer_addr().map_err(|error| {
        io::Error::other(format!(
            "a worker is started by trueline, with a socket as its standard input ({error})"
        ))
    })?;
    Ok(line)
}

/// A worker's line.
#[derive(Debug)]
pub struct Line {
    stream: UnixStream,
    buffer: Vec<u8>,
}

impl Line {
    /// The line of this process.
    ///
    /// # Errors
    ///
    /// When the process was not started as a worker.
    pub fn inherited() -> io::Result<Line> {
        Ok(Line {
            stream: inherited()?,
            buffer: Vec::new(),
        })
    }

    /// Takes the next message; `None` at the end of the line.
    ///
    /// # Errors
    ///
    /// When the line breaks, or what comes is no such message.
    pub fn take<M: DeserializeOwned>(&mut self) -> io::Result<Option<M>> {
        let mut head = [0; frames::HEAD];
        match self.stream.read_exact(&mut head) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            Err(error) if error.kind() == io::ErrorKind::ConnectionReset => return Ok(None),
            Err(error) => return Err(error),
        }
        self.buffer.resize(frames::length(head)?, 0);
        self.stream.read_exact(&mut self.buffer)?;
        frames::read(&self.buffer).map(Some)
    }

    /// Gives a message.
    ///
    /// # Errors
    ///
    /// When the line breaks.
    pub fn give<M: Serialize>(&mut self, message: &M) -> io::Result<()> {
        self.stream.write_all(&frames::written(message)?)
    }
}
