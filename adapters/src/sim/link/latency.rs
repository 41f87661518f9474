//! Owns the time that a frame travels.

use std::time::Duration;

use rand_chacha::ChaCha8Rng;

use super::{Fault, Frame, fraction};

/// Moves every frame by the same time and some of its own, without letting one overtake another.
pub(super) struct Latency {
    latency: Duration,
    jitter: Duration,
    random: ChaCha8Rng,
    last: Duration,
}

impl Latency {
    pub(super) fn new(latency: Duration, jitter: Duration, random: ChaCha8Rng) -> Latency {
        Latency {
            latency,
            jitter,
            random,
            last: Duration::ZERO,
        }
    }
}

impl Fault for Latency {
    fn pass(&mut self, frame: Frame, at: Duration, next: &mut dyn FnMut(Frame, Duration)) {
        let own = self.jitter.mul_f64(fraction(&mut self.random));
        self.last = self.last.max(at + self.latency + own);
        next(frame, self.last);
    }
}
