//! Owns worker processes: whatever runs in an interpreter runs in one of these, so that nothing a
//! target, a boot file or a pack computes can end or hang the harness. Does not know what a worker
//! is asked.
//!
//! A worker is the same program once more, started with [`COMMAND`] and a [`Role`]; its standard input
//! is a socket to whoever started it, on which both sides send `frames`. `process` is the side of
//! the harness and `line` the side of the worker; `cpu` limits how much a worker computes, and
//! `trueline_agent::memory` how much memory it takes.

pub mod cpu;
mod death;
mod frames;
pub mod line;
mod process;

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::OnceLock;

pub use death::Death;
pub(crate) use process::start as spawn;
pub use process::{Process, Replies};

/// The first argument of a program that is started as a worker.
pub const COMMAND: &str = "worker";

/// What a worker is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// The simulator: a board in a network in a box.
    Simulator,
    /// The reference agent on the host's network, which speaks raw REPL on its line.
    Agent,
    /// The interpreter of expressions.
    Judge,
}

impl Role {
    const ALL: [Role; 3] = [Role::Simulator, Role::Agent, Role::Judge];

    /// The word for it on a command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Role::Simulator => "simulator",
            Role::Agent => "agent",
            Role::Judge => "judge",
        }
    }
}

impl FromStr for Role {
    type Err = ();

    fn from_str(word: &str) -> Result<Role, ()> {
        Role::ALL
            .into_iter()
            .find(|role| role.word() == word)
            .ok_or(())
    }
}

/// The role that this process was started for; `None` where it is no worker. To be asked before
/// anything else is done.
#[must_use]
pub fn asked() -> Option<Role> {
    let mut arguments = std::env::args_os().skip(1);
    let is_one = arguments.next()? == COMMAND;
    let role = arguments.next()?;
    let role = role.to_str()?.parse().ok();
    role.filter(|_| is_one && arguments.next().is_none())
}

/// Serves one of the roles that need nothing of the harness, until the line ends.
///
/// # Errors
///
/// When the line breaks, or the system refuses what a worker needs; and for [`Role::Judge`].
pub fn serve(role: Role) -> io::Result<()> {
    // Nobody reads what a worker says of a panic, and a backtrace takes CPU time that is counted.
    std::panic::set_hook(Box::new(|_| {}));
    match role {
        Role::Simulator => crate::sim::serve(),
        Role::Agent => {
            let line = line::inherited()?;
            let output = line.try_clone()?;
            let console = trueline_agent::console::Console::new(output);
            trueline_agent::serve(line, console, trueline_agent::net::host::HostNet::new)
        }
        Role::Judge => Err(io::Error::other("the judge is the harness's")),
    }
}

static PROGRAM: OnceLock<PathBuf> = OnceLock::new();

/// Names the program that workers are started from, once for the whole process. Only a program that
/// is not itself one of Trueline's, as a test is not, has to.
pub fn start_from(program: &Path) {
    // Whoever named it first knows best.
    let _ = PROGRAM.set(program.to_owned());
}

/// The program that workers are started from: this one, unless another was named.
fn program() -> io::Result<OsString> {
    match PROGRAM.get() {
        Some(program) => Ok(program.into()),
        // By this name it is found even when a newer one has taken its place on the disk.
        None if cfg!(target_os = "linux") => Ok("/proc/self/exe".into()),
        None => Ok(std::env::current_exe()?.into()),
    }
}
