//! Owns the line at the speed of a UART: what comes in reaches the board no faster than the line
//! is, and what the board says leaves it no faster, each way by itself. Knows neither what a line
//! is made of nor what its bytes mean.

mod baud;
mod pace;
mod receiver;
mod transmitter;

pub use baud::Baud;
pub use pace::Pace;
pub(crate) use receiver::Receiver;
pub(crate) use transmitter::Transmitter;
