//! Owns the doubling of frames.

use std::time::Duration;

use super::{Chance, Fault, Frame, fraction};

/// By how much the second one comes later at the most: enough for others to come between.
const LATER: Duration = Duration::from_millis(30);

/// Sends a share of the frames twice.
pub(super) struct Duplicate(Chance);

impl Duplicate {
    pub(super) fn new(chance: Chance) -> Duplicate {
        Duplicate(chance)
    }
}

impl Fault for Duplicate {
    fn pass(&mut self, frame: Frame, at: Duration, next: &mut dyn FnMut(Frame, Duration)) {
        if self.0.hits() {
            let later = LATER.mul_f64(fraction(&mut self.0.random));
            next(frame.clone(), at);
            next(frame, at + later);
        } else {
            next(frame, at);
        }
    }
}
