//! The host's side of MicroPython's raw REPL: bytes in, actions out. Has no clock and does no
//! I/O: deadlines, pauses and the line belong to `console`.
//!
//! [`client::Client`] is the protocol; `answer` finds the end of a program's answer in what
//! it prints, and `greeting` knows what targets say of themselves unasked.

mod answer;
pub mod client;
mod greeting;

#[cfg(test)]
mod tests;
