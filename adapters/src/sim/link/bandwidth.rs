//! Owns the time that bits take, and the queue of those that wait for it.

use std::collections::VecDeque;
use std::time::Duration;

use super::{Fault, Frame};

/// Lets frames pass one after the other.
pub(super) struct Bandwidth {
    bits_a_second: f64,
    room: usize,
    /// When each frame that has not passed yet will have done so.
    passing: VecDeque<Duration>,
}

impl Bandwidth {
    /// Without a `queue` any number of frames waits.
    pub(super) fn new(bits_a_second: u64, queue: Option<usize>) -> Bandwidth {
        Bandwidth {
            bits_a_second: bits_a_second as f64,
            room: queue.unwrap_or(usize::MAX),
            passing: VecDeque::new(),
        }
    }
}

impl Fault for Bandwidth {
    fn pass(&mut self, frame: Frame, at: Duration, next: &mut dyn FnMut(Frame, Duration)) {
        while self.passing.front().is_some_and(|end| *end <= at) {
            self.passing.pop_front();
        }
        // The first of them passes, the others wait.
        if self.passing.len() > self.room {
            return;
        }
        let start = self.passing.back().copied().unwrap_or(at);
        let takes = Duration::from_secs_f64(8.0 * frame.len() as f64 / self.bits_a_second);
        let end = start + takes;
        self.passing.push_back(end);
        next(frame, end);
    }
}
