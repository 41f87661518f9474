//! Owns the holding of a place: by a small process in a session of its own, which lets it go when
//! this process lets go of it or ends, be it killed.

use std::io::{self, Write as _};
use std::os::fd::{AsFd as _, OwnedFd};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::unistd::setsid;

use super::client::{Client, reason};
use crate::links::line::Line;

const SCRIPT: &str = include_str!("guardian.sh");
/// What it says when it holds the place.
const HELD: &[u8] = b"held\n";
/// How long is waited for the release. If that is not enough, the guardian goes on by itself.
const RELEASING: Duration = Duration::from_secs(10);
/// How much of its output counts.
const HEARD: usize = 64 * 1024;

/// Whoever lets a place go in the end. Dropping it has that done, and waits for it a while.
#[derive(Debug)]
pub(super) struct Guardian {
    process: Child,
    /// Closing it lets the place go.
    tie: Option<ChildStdin>,
    says: Line,
}

impl Guardian {
    /// Starts to guard a reservation.
    pub(super) fn start(client: &Client, token: &str) -> io::Result<Guardian> {
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", SCRIPT, "guardian", token])
            .args(client.flags())
            .env_remove("LG_ENV")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        // SAFETY: between fork and exec only what is safe in a signal handler may be called;
        // setsid is, and nothing is allocated.
        unsafe {
            // What ends this process's session, such as a terminal that is closed, must not end
            // the one that cleans up after it.
            command.pre_exec(|| setsid().map(drop).map_err(io::Error::from));
        }
        let mut process = command.spawn()?;
        let tie = process.stdin.take();
        let says = process.stdout.take().map(OwnedFd::from);
        let says = says.ok_or(io::ErrorKind::BrokenPipe)?;
        Ok(Guardian {
            process,
            tie,
            says: Line::new(says)?,
        })
    }

    /// Has it acquire the place that is reserved.
    pub(super) async fn acquire(&mut self) -> Result<(), String> {
        if let Some(tie) = &mut self.tie {
            // When it has ended, what it says next shows it.
            tie.write_all(HELD).ok();
        }
        let mut heard = Vec::new();
        let mut buffer = [0; 1024];
        while !heard.ends_with(HELD) {
            let read = self.says.read(&mut buffer).await;
            let read = read.map_err(|error| format!("its guardian is not heard: {error}"))?;
            if read == 0 || heard.len() > HEARD {
                return Err(format!("it cannot be acquired: {}", reason(&heard)));
            }
            heard.extend_from_slice(&buffer[..read]);
        }
        Ok(())
    }

    /// Waits until it has ended; says whether it has.
    fn has_ended(&self) -> io::Result<bool> {
        let deadline = Instant::now() + RELEASING;
        let mut buffer = [0; 1024];
        loop {
            match self.says.read_now(&mut buffer) {
                Some(Ok(0)) => return Ok(true),
                Some(read) => drop(read?),
                None => {}
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(false);
            }
            let left = PollTimeout::try_from(left).unwrap_or(PollTimeout::ZERO);
            let mut end = [PollFd::new(self.says.as_fd(), PollFlags::POLLIN)];
            poll(&mut end, left)?;
        }
    }
}

impl Drop for Guardian {
    fn drop(&mut self) {
        drop(self.tie.take());
        if self.has_ended().unwrap_or(false) {
            self.process.wait().ok();
        }
    }
}
