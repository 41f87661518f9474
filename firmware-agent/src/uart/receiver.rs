//! Owns the way to the board: bytes are taken from the host no sooner than the line has room for
//! them, so that a host that is faster fills the buffer of the system and has to wait.

use std::io::{self, PipeReader, Read, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use super::{Baud, Pace};

/// The board's end of the line.
pub(crate) struct Receiver {
    line: PipeReader,
    /// Until it has ended.
    thread: Option<JoinHandle<io::Result<()>>>,
}

impl Receiver {
    /// Takes what the host sends, on a thread of its own, until the host's end is closed.
    pub(crate) fn spawn(
        mut host: impl Read + AsFd + Send + 'static,
        baud: Baud,
    ) -> io::Result<Self> {
        let (line, mut board) = io::pipe()?;
        let thread = thread::Builder::new()
            .name("receiver".to_owned())
            .spawn(move || receive(&mut host, &mut board, baud))?;
        Ok(Self {
            line,
            thread: Some(thread),
        })
    }
}

impl Read for Receiver {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.line.read(buffer)? {
            0 => match self.thread.take().map(JoinHandle::join) {
                Some(Ok(Err(broke))) => Err(broke),
                // It has nothing that could panic.
                _ => Ok(0),
            },
            count => Ok(count),
        }
    }
}

impl AsFd for Receiver {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.line.as_fd()
    }
}

/// Hands on what the host sends, at that speed, until the host's end is closed.
fn receive(host: &mut (impl Read + AsFd), board: &mut impl Write, baud: Baud) -> io::Result<()> {
    let mut pace = Pace::new(baud, Instant::now());
    let mut piece = vec![0; pace.piece()];
    loop {
        if !is_readable(host.as_fd(), PollTimeout::ZERO)? {
            is_readable(host.as_fd(), PollTimeout::NONE)?;
            pace.idle_until(Instant::now());
        }
        let count = match host.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let now = Instant::now();
        thread::sleep(pace.pass(count, now).saturating_duration_since(now));
        board.write_all(&piece[..count])?;
    }
}

fn is_readable(host: BorrowedFd<'_>, timeout: PollTimeout) -> io::Result<bool> {
    match poll(&mut [PollFd::new(host, PollFlags::POLLIN)], timeout) {
        Ok(count) => Ok(count > 0),
        Err(nix::Error::EINTR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
