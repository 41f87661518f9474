//! Owns the peers: the harness's own hosts that the target talks to while its program runs.
//! Does not know programs, clauses or verdicts, and never asks a clock of its own.
//!
//! [`prepare`] opens what has to listen before the program starts; [`Prepared::addresses`] is
//! what goes into the program; [`Prepared::run`] plays the scripts beside it.
//!
//! # What a session does with them
//!
//! 1. `let peers = prepare(&net, &scenario.peers).await?`
//! 2. Fill the program's places from `peers.addresses()`; choose the target's own port, if a
//!    peer connects to it.
//! 3. Await `peers.run(target, ended, finished, grace)` together with the program on one task, for example
//!    with `tokio::try_join!`. `ended` is a signal that the session gives when the target's
//!    program has ended, *in whatever way*: `run` does not return before it, because the peers
//!    keep their connections open until then. `finished` is called when no script can get on any
//!    more: for an endless program that is when it is to be stopped.
//! 4. `grace` makes what bounds how long scripts that are still unfinished may go on after that
//!    without any of them getting on: what the program sent last may still be on its way, and its
//!    sockets end with it. `|| tokio::time::sleep(GRACE)` counts anew whenever a script got on,
//!    so a busy bench that is slow to poll cuts nothing off.
//!
//! Nothing is spawned: dropping the future stops the peers and closes what they hold.
//!
//! # Whose fault it is
//!
//! What the target does (refusing, resetting, ending early, not coming at all) is in the
//! [`PeerLog`](crate::observation::PeerLog), never an error. A
//! [`BenchError`](crate::error::BenchError) is the bench's own: no socket could be opened, or the
//! script asks for something that cannot be done, as `send` before there is a connection.
//!
//! # Where to read on
//!
//! [`net`] is what a network has to offer; [`sockets`] offers it with the system's sockets.
//! `stage` runs all scripts, `actor` plays one, `sentence` says where one was left.

mod actor;
pub mod fault;
pub mod net;
mod pulse;
pub mod reached;
mod sentence;
pub mod sockets;
mod stage;
#[cfg(test)]
mod tests;

pub use fault::{Breach, Fault};
pub use net::{PeerConnection, PeerDatagrams, PeerListener, PeerNet, PeerVacancy};
pub use reached::Reached;
pub use sockets::HostNet;
pub use stage::{Prepared, prepare};
