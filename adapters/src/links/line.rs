//! Owns the host's end of a line: a descriptor that bytes are read from and written to without
//! blocking the thread. Does not know who is at the other end.

use std::io;
use std::net::TcpStream;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use nix::fcntl::{FcntlArg, OFlag, fcntl};
use socket2::SockRef;
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

/// The host's end of a terminal or of a socket.
#[derive(Debug)]
pub(super) struct Line {
    /// Watched for reading only: a terminal tells of room for writing at every byte that its
    /// other end takes, and the thread would wake for each.
    readable: AsyncFd<OwnedFd>,
    /// Whether what has come is acknowledged at once.
    acknowledges: bool,
}

impl Line {
    pub(super) fn new(descriptor: OwnedFd) -> io::Result<Line> {
        let flags = OFlag::from_bits_retain(fcntl(&descriptor, FcntlArg::F_GETFL)?);
        fcntl(&descriptor, FcntlArg::F_SETFL(flags | OFlag::O_NONBLOCK))?;
        Ok(Line {
            readable: watch(descriptor, Interest::READABLE)?,
            acknowledges: false,
        })
    }

    /// A line to a server that sends few bytes at a time. Such a server, unless it was told
    /// otherwise, keeps the next ones back until those before are acknowledged (Nagle's
    /// algorithm), which the system puts off by 40 ms.
    pub(super) fn over_tcp(stream: TcpStream) -> io::Result<Line> {
        Ok(Line {
            acknowledges: true,
            ..Line::new(stream.into())?
        })
    }

    /// Reads what has come, at least one byte; 0 when nobody is at the other end any more.
    pub(super) async fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self
            .readable
            .async_io(Interest::READABLE, |line| self.take(line, buffer));
        read.await.or_else(ended)
    }

    /// Reads what has come already; `None` when there is nothing.
    pub(super) fn read_now(&self, buffer: &mut [u8]) -> Option<io::Result<usize>> {
        match self.take(self.readable.get_ref(), buffer) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => None,
            read => Some(read.or_else(ended)),
        }
    }

    /// Writes as much as the line takes, at least one byte.
    pub(super) async fn write(&self, bytes: &[u8]) -> io::Result<usize> {
        // A line that takes everything at once would keep whoever waits beside it from their turn.
        tokio::task::yield_now().await;
        if let Some(written) = self.write_now(bytes) {
            return written;
        }
        let writable = watch(self.readable.get_ref().try_clone()?, Interest::WRITABLE)?;
        writable
            .async_io(Interest::WRITABLE, |line| Self::put(line, bytes))
            .await
    }

    /// Writes as much as the line takes now; `None` when that is nothing.
    pub(super) fn write_now(&self, bytes: &[u8]) -> Option<io::Result<usize>> {
        match Self::put(self.readable.get_ref(), bytes) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => None,
            written => Some(written),
        }
    }

    fn take(&self, line: &OwnedFd, buffer: &mut [u8]) -> io::Result<usize> {
        let read = nix::unistd::read(line, buffer)?;
        if self.acknowledges {
            // The system forgets it with the next bytes that are sent. Where the connection has
            // ended meanwhile, the next reading says so.
            SockRef::from(line).set_tcp_quickack(true).ok();
        }
        Ok(read)
    }

    fn put(line: &OwnedFd, bytes: &[u8]) -> io::Result<usize> {
        nix::unistd::write(line, bytes).map_err(io::Error::from)
    }
}

impl AsFd for Line {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.readable.get_ref().as_fd()
    }
}

fn watch(descriptor: OwnedFd, interest: Interest) -> io::Result<AsyncFd<OwnedFd>> {
    // SAFETY: an `OwnedFd` is a valid descriptor until it is dropped, and nothing takes it out of
    // the `AsyncFd` before that is dropped itself.
    Ok(unsafe { AsyncFd::register_with_interest(descriptor, interest) }?)
}

/// Whether an error of the line means that nobody is at its other end any more.
pub(super) fn is_end(error: &io::Error) -> bool {
    // A terminal says EIO when everybody has closed its other end.
    matches!(
        error.kind(),
        io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset | io::ErrorKind::NotConnected
    ) || error.raw_os_error() == Some(nix::libc::EIO)
}

fn ended(error: io::Error) -> io::Result<usize> {
    if is_end(&error) { Ok(0) } else { Err(error) }
}
