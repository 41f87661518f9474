//! Owns the time in which nothing passes. What was on its way before still arrives.

use std::ops::Range;
use std::time::Duration;

use super::{Fault, Frame};

/// Loses every frame that is sent within a time.
pub(super) struct Partition(Range<Duration>);

impl Partition {
    pub(super) fn new(time: Range<Duration>) -> Partition {
        Partition(time)
    }
}

impl Fault for Partition {
    fn pass(&mut self, frame: Frame, at: Duration, next: &mut dyn FnMut(Frame, Duration)) {
        if !self.0.contains(&at) {
            next(frame, at);
        }
    }
}
