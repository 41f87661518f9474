//! Owns the loss of frames.

use std::time::Duration;

use super::{Chance, Fault, Frame};

/// Loses a share of the frames.
pub(super) struct Loss(Chance);

impl Loss {
    pub(super) fn new(chance: Chance) -> Loss {
        Loss(chance)
    }
}

impl Fault for Loss {
    fn pass(&mut self, frame: Frame, at: Duration, next: &mut dyn FnMut(Frame, Duration)) {
        if !self.0.hits() {
            next(frame, at);
        }
    }
}
