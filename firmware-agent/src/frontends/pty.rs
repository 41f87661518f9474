//! Owns the line over a pseudo-terminal: to a host it looks as a board's serial device does.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::sync::Arc;

use nix::fcntl::{FcntlArg, FdFlag, OFlag, fcntl, open};
use nix::pty::{grantpt, posix_openpt, ptsname_r, unlockpt};
use nix::sys::stat::Mode;
use nix::sys::termios::{SetArg, cfmakeraw, tcgetattr, tcsetattr};

use super::serve_at;
use crate::interrupt::Interrupt;
use crate::net::host::HostNet;
use crate::uart::Baud;

/// A pseudo-terminal.
pub(super) struct Pty {
    master: File,
    /// Held open so that the board's end does not break when a client goes.
    _device: OwnedFd,
    path: String,
}

impl Pty {
    pub(super) fn open() -> io::Result<Self> {
        let master = posix_openpt(OFlag::O_RDWR | OFlag::O_NOCTTY)?;
        grantpt(&master)?;
        unlockpt(&master)?;
        let path = ptsname_r(&master)?;
        let device = open(
            path.as_str(),
            OFlag::O_RDWR | OFlag::O_NOCTTY | OFlag::O_CLOEXEC,
            Mode::empty(),
        )?;
        let mut settings = tcgetattr(&device)?;
        cfmakeraw(&mut settings);
        tcsetattr(&device, SetArg::TCSANOW, &settings)?;
        let master = File::from(OwnedFd::from(master));
        fcntl(&master, FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC))?;
        Ok(Self {
            master,
            _device: device,
            path,
        })
    }

    pub(super) fn serve(
        self,
        baud: Option<Baud>,
        make_net: impl FnOnce(Arc<Interrupt>) -> HostNet + Send + 'static,
    ) -> io::Result<()> {
        let output = self.master.try_clone()?;
        println!("connect to {}", self.path);
        io::stdout().flush()?;
        serve_at(baud, self.master, output, make_net)
    }
}
