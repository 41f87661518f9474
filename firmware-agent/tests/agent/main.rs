//! The agent from outside: programs through the raw REPL, peers on the host's own sockets.

mod datagrams;
mod face;
mod failure;
mod groups;
mod input;
mod interruption;
mod ports;
mod raw;
mod sandbox;
mod selection;
mod session;
mod sockets;
mod states;
mod wlan;
