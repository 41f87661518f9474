//! Owns what can be told of a line's time from the bytes that were sent and came: how long they
//! were on it, and for how much of the time it was busy. Has no clock: instants are handed in.
//!
//! A driver takes bytes at once and sends them later; what a target prints arrives when the line
//! has carried it. On a line whose speed is known both can be taken off what a program took.

use std::time::Duration;

use tokio::time::Instant;

/// Bits on the line for a byte: one start, eight of data, one stop.
const BITS: u64 = 10;
/// The times of one line.
#[derive(Debug)]
pub(crate) struct LineClock {
    baud: Option<u32>,
    /// When the last byte that was handed over is at the other end, at the earliest.
    sent_until: Instant,
    /// Up to when it is counted whether the line was busy.
    counted_until: Instant,
    busy: Duration,
}

impl LineClock {
    /// The clock of a line that is idle.
    pub(crate) fn new(baud: Option<u32>, now: Instant) -> LineClock {
        LineClock {
            baud: baud.filter(|&baud| baud > 0),
            sent_until: now,
            counted_until: now,
            busy: Duration::ZERO,
        }
    }

    /// The line's speed, where it has one.
    pub(crate) fn baud(&self) -> Option<u32> {
        self.baud
    }

    /// How long so many bytes are on the line.
    pub(crate) fn carrying(&self, count: usize) -> Duration {
        self.baud.map_or(Duration::ZERO, |baud| {
            Duration::from_nanos(count as u64 * BITS * 1_000_000_000 / u64::from(baud))
        })
    }

    /// So many bytes were handed over, no earlier than then.
    pub(crate) fn sent(&mut self, count: usize, then: Instant) {
        let from = self.sent_until.max(then);
        self.sent_until = from + self.carrying(count);
        self.count(from, self.sent_until);
    }

    /// So many bytes came.
    pub(crate) fn heard(&mut self, count: usize, now: Instant) {
        let from = now.checked_sub(self.carrying(count)).unwrap_or(now);
        self.count(from, now);
    }

    /// When everything that was handed over is at the other end, at the earliest.
    pub(crate) fn sent_until(&self) -> Instant {
        self.sent_until
    }

    /// For how long the line was busy, either way.
    pub(crate) fn busy(&self) -> Duration {
        self.busy
    }

    /// Counts a time in which the line was busy, but none twice.
    fn count(&mut self, from: Instant, until: Instant) {
        let from = from.max(self.counted_until);
        if until > from {
            self.busy += until - from;
            self.counted_until = until;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MILLI: Duration = Duration::from_millis(1);

    /// A line on which a byte takes a millisecond.
    fn clock() -> (LineClock, Instant) {
        let start = Instant::now();
        (LineClock::new(Some(10_000), start), start)
    }

    #[test]
    fn bytes_that_are_handed_over_are_sent_one_after_the_other() {
        let (mut clock, start) = clock();
        clock.sent(10, start);
        clock.sent(5, start + MILLI);
        assert_eq!(clock.sent_until(), start + 15 * MILLI);
        assert_eq!(clock.busy(), 15 * MILLI);
    }

    #[test]
    fn both_ways_at_once_are_busy_once() {
        let (mut clock, start) = clock();
        clock.sent(10, start);
        clock.heard(5, start + 8 * MILLI);
        clock.heard(5, start + 13 * MILLI);
        assert_eq!(clock.busy(), 13 * MILLI);
        clock.heard(2, start + 40 * MILLI);
        assert_eq!(clock.busy(), 15 * MILLI);
    }

    #[test]
    fn a_line_without_a_speed_takes_no_time() {
        let start = Instant::now();
        let mut clock = LineClock::new(None, start);
        clock.sent(1000, start);
        clock.heard(1000, start + MILLI);
        assert_eq!(clock.sent_until(), start);
        assert_eq!(clock.busy(), Duration::ZERO);
    }
}
