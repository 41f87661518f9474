//! Owns the worker's side of its line: messages taken and given, one at a time, on a thread of their
//! own. Blocks the thread.

use std::io::{self, Read as _, Write as _};
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::net::UnixStream;
use std::thread;

use nix::sys::prctl::set_pdeathsig;
use nix::sys::resource::{Resource, setrlimit};
use nix::sys::signal::Signal;
use serde::Serialize;
use serde::de::DeserializeOwned;
use trueline_agent::STACK;

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

/// Serves a worker on a thread whose stack is large enough for an interpreter, in a process that ends
/// with whoever started it.
///
/// # Errors
///
/// What `serve` fails with, or when the system refuses a limit or the thread.
pub fn on_a_thread(
    name: &str,
    serve: impl FnOnce() -> io::Result<()> + Send + 'static,
) -> io::Result<()> {
    // A crash is told by the status of its process, and a dump of it is of no use to anybody.
    setrlimit(Resource::RLIMIT_CORE, 0, 0)?;
    set_pdeathsig(Signal::SIGKILL)?;
    let thread = thread::Builder::new()
        .name(name.to_owned())
        .stack_size(STACK)
        .spawn(serve)?;
    let failed = || io::Error::other(format!("the thread `{name}` failed"));
    thread.join().unwrap_or_else(|_| Err(failed()))
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
