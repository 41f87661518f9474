//! Owns the claims about whole sessions: with real interpreters where they are installed, and
//! with targets that misbehave.

mod bench;
mod beside;
mod boot;
mod faults;
mod interpreters;
mod lines;
mod misbehaving;
mod relay;
mod ser2net;
mod serial_server;
mod simulator;
