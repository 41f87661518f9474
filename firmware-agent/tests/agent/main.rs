//! The agent from outside: programs through the raw REPL, peers on the host's own sockets.

mod face;
mod failure;
mod interruption;
mod sandbox;
mod session;
mod sockets;
mod states;
