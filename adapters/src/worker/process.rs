//! Owns a worker process as whoever started it sees it: asked, answering, ended with its owner. Does
//! not know what is asked.

use std::io::{self, Read as _, Write as _};
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, poll};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::death::Death;
use super::{COMMAND, Role, frames, program};
use crate::links::Child;

/// How long a worker that is waited for on a blocked thread may say nothing. Its CPU time is limited
/// to seconds, which is this much only where hardly any of the machine is left for it.
const SILENCE: Duration = Duration::from_secs(300);
/// How often who waits on a blocked thread is asked whether to go on, in milliseconds.
const LOOKS_UP_EVERY: u8 = 50;

/// Starts a worker; gives the process and the other end of its line.
///
/// # Errors
///
/// When the system refuses one of them.
pub(crate) fn start(role: Role) -> io::Result<(Child, UnixStream)> {
    let (line, of_worker) = UnixStream::pair()?;
    let process = Command::new(program()?)
        .args([COMMAND, role.word()])
        .stdin(OwnedFd::from(of_worker))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // What is typed at the harness's terminal is not for it.
        .process_group(0)
        .spawn()?;
    Ok((Child::new(process), line))
}

/// A worker that answers messages, on a line that is waited for by blocking the thread, or by an event
/// loop. Dropping it ends it.
#[derive(Debug)]
pub struct Process<Line> {
    child: Child,
    line: Line,
    buffer: Vec<u8>,
    /// Whether an answer has begun that nobody has taken.
    is_asked: bool,
}

/// A worker on an event loop's line.
pub type Replies = Process<tokio::net::UnixStream>;

impl Process<UnixStream> {
    /// Starts a worker.
    ///
    /// # Errors
    ///
    /// When the system refuses a process or a socket.
    pub fn start(role: Role) -> io::Result<Self> {
        let (child, line) = start(role)?;
        line.set_read_timeout(Some(SILENCE))?;
        Ok(Self::new(child, line))
    }

    /// Asks for one answer and waits for it, unless it is `given_up` meanwhile.
    ///
    /// # Errors
    ///
    /// When the worker has ended instead, or was ended; another one has to be started then.
    pub fn ask<Q: Serialize, A: DeserializeOwned>(
        &mut self,
        question: &Q,
        given_up: impl Fn() -> bool,
    ) -> Result<A, Death> {
        self.try_ask(question, given_up)
            .map_err(|error| self.death_by(&error))
    }

    fn try_ask<Q: Serialize, A: DeserializeOwned>(
        &mut self,
        question: &Q,
        given_up: impl Fn() -> bool,
    ) -> io::Result<A> {
        self.line.write_all(&frames::written(question)?)?;
        self.wait(given_up)?;
        let mut head = [0; frames::HEAD];
        self.line.read_exact(&mut head)?;
        self.buffer.resize(frames::length(head)?, 0);
        self.line.read_exact(&mut self.buffer)?;
        frames::read(&self.buffer)
    }

    /// Waits until there is something to read.
    fn wait(&self, given_up: impl Fn() -> bool) -> io::Result<()> {
        let begun = Instant::now();
        loop {
            let mut line = [PollFd::new(self.line.as_fd(), PollFlags::POLLIN)];
            match poll(&mut line, LOOKS_UP_EVERY) {
                Ok(0) | Err(Errno::EINTR) => {}
                Ok(_) => return Ok(()),
                Err(error) => return Err(error.into()),
            }
            if given_up() {
                return Err(io::Error::other("it was given up"));
            }
            if begun.elapsed() >= SILENCE {
                return Err(io::ErrorKind::TimedOut.into());
            }
        }
    }
}

impl Replies {
    /// Starts a worker, for the event loop of this thread.
    ///
    /// # Errors
    ///
    /// When the system refuses a process or a socket.
    pub fn start(role: Role) -> io::Result<Self> {
        let (child, line) = start(role)?;
        line.set_nonblocking(true)?;
        Ok(Self::new(child, tokio::net::UnixStream::from_std(line)?))
    }

    /// Asks for one answer and waits for it. Who gives up in between has lost the worker: what comes
    /// next would be the answer to this.
    ///
    /// # Errors
    ///
    /// When the worker has ended instead; another one has to be started then.
    pub async fn ask<Q: Serialize, A: DeserializeOwned>(
        &mut self,
        question: &Q,
    ) -> Result<A, Death> {
        if self.is_asked {
            return Err(self.death_by(&io::ErrorKind::TimedOut.into()));
        }
        self.is_asked = true;
        let answer = self.try_ask(question).await;
        self.is_asked = false;
        answer.map_err(|error| self.death_by(&error))
    }

    async fn try_ask<Q: Serialize, A: DeserializeOwned>(&mut self, question: &Q) -> io::Result<A> {
        self.line.write_all(&frames::written(question)?).await?;
        let mut head = [0; frames::HEAD];
        self.line.read_exact(&mut head).await?;
        self.buffer.resize(frames::length(head)?, 0);
        self.line.read_exact(&mut self.buffer).await?;
        frames::read(&self.buffer)
    }
}

impl<Line> Process<Line> {
    fn new(child: Child, line: Line) -> Self {
        Self {
            child,
            line,
            buffer: Vec::new(),
            is_asked: false,
        }
    }

    /// How the worker ended whose line is of no use any more; one that goes on is ended.
    fn death_by(&mut self, error: &io::Error) -> Death {
        let ended = self.child.end();
        match error.kind() {
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => Death::OutOfTime,
            io::ErrorKind::UnexpectedEof
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::ConnectionReset => Death::after(ended),
            _ if ended.is_err() => Death::after(ended),
            _ => Death::Crashed(format!("broke its line off ({error})")),
        }
    }
}
