//! Owns the simulator: the reference agent in a network in a box, with a clock of its own.
//!
//! From the outside in:
//!
//! - [`SimSession`] is a session like any other. It talks to a worker process, whose `template` is a
//!   board that has started and of which each board is a copy.
//! - `board` runs programs, `board_net` is the network that they see, `sink` takes what they print.
//! - `world` is the clock and the crank that everything hangs on; `peer_net` is the network that
//!   the peers see, whose scripts are the same as everywhere.
//! - `air` joins three `station`s: the board, the peers' computer and the access point, with its
//!   `names`. `link` is what lies between board and access point, with all that can go wrong there.
//! - A station is a smoltcp stack on a `port`, with `listener`s in front of its sockets and
//!   `buffers` of a size; the board's has `limits`. `frames` is what it reads before the stack.
//! - `capture` is what went by at the board's antenna.

mod air;
mod board;
mod board_net;
mod buffers;
mod capture;
mod frames;
mod limits;
mod link;
mod listener;
mod names;
mod peer_net;
mod port;
mod session;
mod sink;
mod station;
mod template;
mod world;

pub use capture::Capture;
pub use session::SimSession;
pub(crate) use template::serve;
