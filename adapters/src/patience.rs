//! Owns how long a session waits for a target, apart from what a scenario says of its program.

use std::time::Duration;

/// How long a session waits for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For the raw REPL of a target that was just started.
    pub start: Duration,
    /// For an answer to an interrupt, and to anything else that needs no program.
    pub answer: Duration,
    /// For a line that has gone to come back, as a device that was unplugged.
    pub away: Duration,
    /// For scripts of peers that are unfinished when the program has ended, from when one last
    /// got on.
    pub peers: Duration,
}

impl Default for Patience {
    /// Interpreters start within seconds. On a host what a program sent is in the peer's buffer
    /// before the program ends, so the peers only need their turn; every failing case in which
    /// one waits in vain costs this time.
    fn default() -> Patience {
        Patience {
            start: Duration::from_secs(10),
            answer: Duration::from_secs(2),
            away: Duration::from_secs(10),
            peers: Duration::from_millis(20),
        }
    }
}
