//! Owns that a file which has come to the process's limit of size (`ulimit -f`) is an error of the write,
//! as a full disk is: unless told otherwise the system ends the process. Writes nothing.

use std::io;

use nix::libc::c_int;
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction};

/// Lets writes beyond the limit fail. Commands that are started have the signal as ever.
///
/// # Errors
/// When the system refuses the signal handler.
pub fn let_writes_fail() -> io::Result<()> {
    let handler = SigHandler::Handler(let_pass);
    let action = SigAction::new(handler, SaFlags::SA_RESTART, SigSet::empty());
    // SAFETY: the handler does nothing, which it may do at any time.
    unsafe { sigaction(Signal::SIGXFSZ, &action) }?;
    Ok(())
}

extern "C" fn let_pass(_: c_int) {}
