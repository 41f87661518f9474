//! Owns the speeds that a serial line can have.

use std::fmt;
use std::str::FromStr;

/// The slowest and the fastest speed that serial drivers know.
const SLOWEST: u32 = 50;
const FASTEST: u32 = 4_000_000;

/// Bits a second; a byte takes ten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Baud(u32);

impl Baud {
    /// The number, which is never 0.
    #[must_use]
    pub fn bits(self) -> u32 {
        self.0
    }
}

impl FromStr for Baud {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.parse() {
            Ok(bits @ SLOWEST..=FASTEST) => Ok(Self(bits)),
            _ => Err(format!(
                "expected a speed from {SLOWEST} to {FASTEST}, such as 115200; without --baud the \
                 line has none"
            )),
        }
    }
}

impl fmt::Display for Baud {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
