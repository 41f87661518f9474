//! Owns the frames that are on their way, in the order in which they arrive.

use std::collections::VecDeque;
use std::time::Duration;

use super::Frame;

/// Frames with their times of arrival, the next one first.
#[derive(Default)]
pub(super) struct Wire {
    frames: VecDeque<(Duration, Frame)>,
}

impl Wire {
    /// Frames that arrive at the same time do so in the order in which they were put here.
    pub(super) fn put(&mut self, frame: Frame, at: Duration) {
        // Most frames arrive behind all others.
        let earlier = self.frames.iter().rev().take_while(|(time, _)| *time > at);
        let place = self.frames.len() - earlier.count();
        self.frames.insert(place, (at, frame));
    }

    pub(super) fn arrived(&mut self, now: Duration) -> Option<Frame> {
        self.next_arrival().filter(|at| *at <= now)?;
        self.frames.pop_front().map(|(_, frame)| frame)
    }

    pub(super) fn next_arrival(&self) -> Option<Duration> {
        self.frames.front().map(|(at, _)| *at)
    }
}
