//! Owns the arithmetic of a serial line: when bytes have passed it at a given speed. It is told
//! instants and counts and gives instants; it has no clock, and never sees a byte.

use std::time::{Duration, Instant};

use super::Baud;

/// What is sent as one piece takes about so long: short beside what anybody notices, long beside
/// what waking a thread costs.
const PIECE: Duration = Duration::from_millis(2);

/// A line that is later than this has stood still, be it that nobody took what it brought or that
/// the process was stopped. It does not catch up then, as no line does; what is less is the clock
/// of the system, which wakes a little late each time.
const STOOD: Duration = Duration::from_millis(100);

/// One direction of a serial line.
#[derive(Debug, Clone)]
pub struct Pace {
    baud: Baud,
    /// When the line began to be busy without a gap.
    since: Instant,
    /// How many bytes it has taken since then. Instants are computed from here and not added up, so
    /// that nothing is rounded twice.
    bytes: u64,
}

impl Pace {
    /// A line that is idle until now.
    #[must_use]
    pub fn new(baud: Baud, now: Instant) -> Self {
        Self {
            baud,
            since: now,
            bytes: 0,
        }
    }

    /// How many bytes are a piece; at least one.
    #[must_use]
    pub fn piece(&self) -> usize {
        let bytes = u128::from(self.baud.bits()) * PIECE.as_nanos() / NANOS_A_BAUD;
        usize::try_from(bytes).unwrap_or(usize::MAX).max(1)
    }

    /// There was nothing to send until now.
    pub fn idle_until(&mut self, now: Instant) {
        if now > self.free_at() {
            self.since = now;
            self.bytes = 0;
        }
    }

    /// Puts bytes on the line as soon as it is free, and says when the last of them has passed.
    pub fn pass(&mut self, count: usize, now: Instant) -> Instant {
        if now > self.free_at() + STOOD {
            self.idle_until(now);
        }
        self.bytes = self
            .bytes
            .saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
        self.free_at()
    }

    /// When everything has passed.
    fn free_at(&self) -> Instant {
        let nanos = u128::from(self.bytes) * NANOS_A_BAUD / u128::from(self.baud.bits());
        self.since + Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX))
    }
}

/// A start bit, eight bits of data, a stop bit; at one baud each takes a second.
const NANOS_A_BAUD: u128 = 10 * 1_000_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn pace(baud: &str) -> (Pace, Instant) {
        let start = Instant::now();
        let baud = baud.parse().expect("the tests give speeds that there are");
        (Pace::new(baud, start), start)
    }

    #[test]
    fn ten_bits_a_byte_and_nothing_lost_to_rounding() {
        let (mut pace, start) = pace("115200");
        for number in 1..=11_520_u64 {
            // A third of a nanosecond is rounded off at times; it never adds up.
            let nanos = number * 10_000_000_000 / 115_200;
            assert_eq!(pace.pass(1, start), start + Duration::from_nanos(nanos));
        }
        assert_eq!(pace.pass(11_520, start), start + Duration::from_secs(2));
    }

    #[test]
    fn pieces_pass_as_the_same_bytes_do_one_by_one() {
        let (mut whole, start) = pace("9600");
        let mut single = whole.clone();
        let last = (0..960).map(|_| single.pass(1, start)).last();
        assert_eq!(last, Some(whole.pass(960, start)));
        assert_eq!(last, Some(start + Duration::from_secs(1)));
    }

    #[test]
    fn who_is_woken_late_loses_no_time() {
        let (mut pace, start) = pace("9600");
        let millis = |millis| start + Duration::from_millis(millis);
        assert_eq!(pace.pass(48, start), millis(50));
        assert_eq!(pace.pass(48, millis(55)), millis(100));
    }

    #[test]
    fn time_without_bytes_is_not_saved_up() {
        let (mut pace, start) = pace("9600");
        let millis = |millis| start + Duration::from_millis(millis);
        pace.pass(48, start);
        pace.idle_until(millis(70));
        assert_eq!(pace.pass(48, millis(70)), millis(120));
        // It is still busy: that nothing waited behind makes no difference.
        pace.idle_until(millis(100));
        assert_eq!(pace.pass(48, millis(100)), millis(170));
    }

    #[test]
    fn a_line_that_stood_still_does_not_catch_up() {
        let (mut pace, start) = pace("9600");
        let millis = |millis| start + Duration::from_millis(millis);
        pace.pass(48, start);
        assert_eq!(pace.pass(48, millis(1050)), millis(1100));
    }

    #[test]
    fn a_piece_is_what_passes_in_two_milliseconds_and_never_nothing() {
        let piece = |baud| pace(baud).0.piece();
        assert_eq!(
            ["50", "9600", "115200", "4000000"].map(piece),
            [1, 1, 23, 800]
        );
    }
}
