//! Owns the line over the standard streams. On a terminal, typed control characters reach the
//! board, and Ctrl-] ends the agent.

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::Arc;

use nix::sys::termios::{SetArg, Termios, cfmakeraw, tcgetattr, tcsetattr};

use super::serve_at;
use crate::interrupt::Interrupt;
use crate::net::host::HostNet;
use crate::uart::Baud;

const CTRL_BRACKET: u8 = 0x1d;

/// The standard streams.
pub(super) struct Stdio {
    /// What the terminal was set to before, if it is one.
    before: Option<Termios>,
}

impl Stdio {
    pub(super) fn open() -> io::Result<Self> {
        let stdin = io::stdin();
        if !stdin.is_terminal() {
            return Ok(Self { before: None });
        }
        let before = tcgetattr(&stdin)?;
        let mut raw = before.clone();
        cfmakeraw(&mut raw);
        tcsetattr(&stdin, SetArg::TCSADRAIN, &raw)?;
        eprint!("Ctrl-] ends the board, Ctrl-D starts it anew.\r\n");
        Ok(Self {
            before: Some(before),
        })
    }

    pub(super) fn serve(
        self,
        baud: Option<Baud>,
        make_net: impl FnOnce(Arc<Interrupt>) -> HostNet + Send + 'static,
    ) -> io::Result<()> {
        let typed = self.before.is_some();
        let keys = Keys {
            typed,
            ended: false,
        };
        // Not through `std::io::Stdout`, which would make two writes of an answer.
        let output = File::from(io::stdout().as_fd().try_clone_to_owned()?);
        serve_at(baud, keys, output, make_net)
    }
}

impl Drop for Stdio {
    fn drop(&mut self) {
        if let Some(before) = &self.before {
            // The terminal may be gone; there is nobody to tell.
            let _ = tcsetattr(io::stdin(), SetArg::TCSADRAIN, before);
        }
    }
}

/// Standard input, which Ctrl-] ends if it is typed.
struct Keys {
    typed: bool,
    ended: bool,
}

impl Read for Keys {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.ended {
            return Ok(0);
        }
        // Not through `std::io::Stdin`, whose buffer would hide bytes from a poll.
        let count = nix::unistd::read(io::stdin(), buffer)?;
        let end = buffer[..count]
            .iter()
            .position(|byte| self.typed && *byte == CTRL_BRACKET);
        self.ended = end.is_some();
        Ok(end.unwrap_or(count))
    }
}

impl AsFd for Keys {
    fn as_fd(&self) -> BorrowedFd<'_> {
        // SAFETY: descriptor 0 stays open as long as the process.
        unsafe { BorrowedFd::borrow_raw(0) }
    }
}
