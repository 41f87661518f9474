//! Owns what a clock of this machine can tell of a duration on the target: bounds. Reads no clock
//! itself.
//!
//! A byte left at some moment between the reading of the clock before it was handed over and the
//! target's answer, and one came between the last look at which it was not there and the first at
//! which it was. Whoever holds up this process moves these readings apart, and never the truth
//! out of them.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::Instant;

/// From which width on a measured span decides nothing between its bounds: the process that
/// measured it did not get its turn. Held up for 40 ms at each reading and each writing it stays
/// below: that is thrice at the beginning of a program and twice at its end.
const WIDE: Duration = Duration::from_millis(250);

/// A duration that lies within two bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Span {
    least: Duration,
    most: Duration,
}

impl Span {
    /// A span of exactly this duration.
    #[must_use]
    pub const fn exactly(duration: Duration) -> Span {
        Span {
            least: duration,
            most: duration,
        }
    }

    /// A span between two bounds, the lower of which counts where they cross.
    #[must_use]
    pub fn between(least: Duration, most: Duration) -> Span {
        Span {
            least,
            most: most.max(least),
        }
    }

    /// It lasted no shorter.
    #[must_use]
    pub const fn least(self) -> Duration {
        self.least
    }

    /// It lasted no longer.
    #[must_use]
    pub const fn most(self) -> Duration {
        self.most
    }

    /// How far apart the bounds are.
    #[must_use]
    pub fn width(self) -> Duration {
        self.most - self.least
    }

    /// Whether the bounds are so far apart that what differs between them cannot be judged.
    #[must_use]
    pub fn is_wide(self) -> bool {
        self.width() > WIDE
    }

    /// The same where so much at the end may not have been the program's time.
    pub(crate) fn shortened(self, by: Duration) -> Span {
        Span {
            least: self.least.saturating_sub(by),
            most: self.most,
        }
    }

    /// What is nearest to another clock's account within the bounds.
    pub(crate) fn nearest(self, clocked: Duration) -> Duration {
        clocked.clamp(self.least, self.most)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = |duration: Duration| duration.as_secs_f64();
        match self.width().is_zero() {
            true => write!(f, "{:.3} s", seconds(self.most)),
            false => write!(
                f,
                "between {:.3} s and {:.3} s",
                seconds(self.least),
                seconds(self.most)
            ),
        }
    }
}

/// A moment that lies between two readings of the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Moment {
    earliest: Instant,
    latest: Instant,
}

impl Moment {
    pub(crate) fn between(earliest: Instant, latest: Instant) -> Moment {
        Moment {
            earliest,
            latest: latest.max(earliest),
        }
    }

    /// How long it was from this moment until another one.
    pub(crate) fn until(self, end: Moment) -> Span {
        Span::between(
            end.earliest.saturating_duration_since(self.latest),
            end.latest.saturating_duration_since(self.earliest),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MILLI: Duration = Duration::from_millis(1);

    #[test]
    fn the_bounds_of_a_span_come_from_the_far_and_the_near_readings() {
        let start = Instant::now();
        let at = |from: u32, to: u32| Moment::between(start + from * MILLI, start + to * MILLI);
        let span = at(10, 30).until(at(100, 150));
        assert_eq!((span.least(), span.most()), (70 * MILLI, 140 * MILLI));
        // Nothing lasts less than no time.
        assert_eq!(at(10, 30).until(at(20, 25)).least(), Duration::ZERO);
    }

    #[test]
    fn another_clock_decides_within_the_bounds_only() {
        let span = Span::between(10 * MILLI, 20 * MILLI);
        let nearest = [5, 15, 25].map(|millis| span.nearest(millis * MILLI));
        assert_eq!(nearest, [10 * MILLI, 15 * MILLI, 20 * MILLI]);
        assert_eq!(span.shortened(15 * MILLI).least(), Duration::ZERO);
    }
}
