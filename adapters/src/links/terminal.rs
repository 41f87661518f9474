//! Owns a command on a terminal of its own: raw, so that every byte gets through as it is, and
//! the command's controlling terminal, so that it ends with it.

use std::io;
use std::os::fd::OwnedFd;

use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::sys::termios::{self, OutputFlags, SetArg};
use pty_process::blocking::{Command, Pts};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

use super::child::{self, Child};
use super::{Line, Link};

/// The host's end of a terminal.
#[derive(Debug)]
pub(super) struct Terminal(AsyncFd<OwnedFd>);

/// Starts a command, given as its words.
pub(super) fn start(words: &[String]) -> Result<Link, String> {
    let (program, arguments) = words.split_first().ok_or("the command is empty")?;
    let no_terminal =
        |error: &dyn std::fmt::Display| format!("the system gave no terminal for it: {error}");
    let (host, target) = pty_process::blocking::open().map_err(|error| no_terminal(&error))?;
    make_raw(&target).map_err(|error| no_terminal(&error))?;
    let host = OwnedFd::from(host);
    make_nonblocking(&host).map_err(|error| no_terminal(&error))?;
    // SAFETY: an `OwnedFd` is a valid descriptor until it is dropped, and nothing takes it out of
    // the `AsyncFd` before that is dropped itself.
    let host = unsafe { AsyncFd::register(host) }.map_err(|error| no_terminal(&error))?;
    let process = Command::new(program).args(arguments).spawn(target).map_err(|error| {
        let error = match error {
            pty_process::Error::Io(error) => error,
            pty_process::Error::Rustix(error) => error.into(),
        };
        child::explain(program, &error)
    })?;
    Ok(Link { line: Line::Terminal(Terminal(host)), child: Some(Child::new(process)) })
}

/// A command that sets up its terminal itself often asks for output processing again: that must
/// not add carriage returns.
fn make_raw(target: &Pts) -> nix::Result<()> {
    let mut modes = termios::tcgetattr(target)?;
    termios::cfmakeraw(&mut modes);
    modes.output_flags.remove(OutputFlags::ONLCR);
    termios::tcsetattr(target, SetArg::TCSANOW, &modes)
}

fn make_nonblocking(host: &OwnedFd) -> nix::Result<()> {
    let flags = OFlag::from_bits_retain(fcntl(host, FcntlArg::F_GETFL)?);
    fcntl(host, FcntlArg::F_SETFL(flags | OFlag::O_NONBLOCK))?;
    Ok(())
}

impl Terminal {
    pub(super) async fn read(&self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self
            .0
            .async_io(Interest::READABLE, |host| {
                nix::unistd::read(host, buffer).map_err(io::Error::from)
            })
            .await;
        match read {
            // Everybody at the other end has closed it.
            Err(error) if super::is_end(&error) => Ok(0),
            read => read,
        }
    }

    pub(super) fn read_now(&self, buffer: &mut [u8]) -> io::Result<usize> {
        nix::unistd::read(self.0.get_ref(), buffer).map_err(io::Error::from)
    }

    pub(super) async fn write(&self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .async_io(Interest::WRITABLE, |host| {
                nix::unistd::write(host, bytes).map_err(io::Error::from)
            })
            .await
    }
}
