//! The reference firmware agent: a board without the board. It runs Python behind a MicroPython
//! REPL and does what the Waffle Nano's socket page documents.
//!
//! Where to start:
//!
//! - [`Agent`] is a board in this process, [`run`] one for the command line; both are
//!   [`serve()`] on a line.
//! - [`repl`] is the REPL's protocol, bytes in and actions out; it knows no Python.
//! - [`python`] is RustPython with the face of MicroPython; `modules` are the board's modules
//!   in it, `usocket` first of all.
//! - [`socket`] says what a socket does in each of its states; it knows no Python either.
//! - [`wlan`] is the board's wireless interface, which the documented programs join a network
//!   with.
//! - [`memory`] limits what the thread of a board may take.
//! - [`uart`] is a line with the speed of a serial one.
//! - [`net`] is the network below both: a trait of blocking calls, and the host's sockets behind
//!   it. Another network, with a clock of its own, is given to [`Agent::spawn_on`].

mod agent;
mod arguments;
pub mod board;
pub mod console;
mod frontends;
pub mod interrupt;
pub mod memory;
mod modules;
pub mod net;
pub mod python;
pub mod repl;
mod serve;
pub mod socket;
pub mod uart;
pub mod wlan;

pub use agent::Agent;
pub use arguments::{AgentArgs, ReplAt};
pub use frontends::{AgentError, run};
pub use serve::{STACK, serve};
