//! Owns the overtaking of frames.

use std::time::Duration;

use super::{Chance, Fault, Frame, fraction};

/// By how much an overtaken frame comes later at the most. Bursts pass within less.
const LATER: Duration = Duration::from_millis(30);

/// Lets a share of the frames come later than those behind them.
pub(super) struct Reorder(Chance);

impl Reorder {
    pub(super) fn new(chance: Chance) -> Reorder {
        Reorder(chance)
    }
}

impl Fault for Reorder {
    fn pass(&mut self, frame: Frame, at: Duration, next: &mut dyn FnMut(Frame, Duration)) {
        let later = match self.0.hits() {
            true => LATER.mul_f64(fraction(&mut self.0.random)),
            false => Duration::ZERO,
        };
        next(frame, at + later);
    }
}
