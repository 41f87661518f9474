//! Owns how long a session waits for a target, apart from what a scenario says of its program.

use std::time::Duration;

/// How long a session waits for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For the raw REPL of a target that was just started.
    pub start: Duration,
    /// For an answer to an interrupt, and to anything else that needs no program.
    pub answer: Duration,
    /// For scripts of peers that are unfinished when the program has ended.
    pub peers: Duration,
}

impl Default for Patience {
    /// Boards start within seconds; what a program sent last arrives within milliseconds.
    fn default() -> Patience {
        Patience {
            start: Duration::from_secs(10),
            answer: Duration::from_secs(2),
            peers: Duration::from_millis(250),
        }
    }
}
