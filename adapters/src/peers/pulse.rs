//! Owns the signs of life of all scripts together: whether any got on, and whether any pauses
//! by its own will. Does not know what they do.

use std::cell::Cell;

/// The scripts' signs of life.
#[derive(Debug, Default)]
pub(super) struct Pulse {
    beats: Cell<u64>,
    pausing: Cell<usize>,
}

impl Pulse {
    /// A script got on: a byte came or went, or a step was finished.
    pub(super) fn beat(&self) {
        self.beats.set(self.beats.get() + 1);
    }

    /// How often a script got on so far.
    pub(super) fn beats(&self) -> u64 {
        self.beats.get()
    }

    /// Whether a script is in a pause, so that it has not had its turn yet.
    pub(super) fn is_pausing(&self) -> bool {
        self.pausing.get() > 0
    }

    /// Waits for what `pause` waits for, as a pause.
    pub(super) async fn pausing(&self, pause: impl Future<Output = ()>) {
        self.pausing.set(self.pausing.get() + 1);
        pause.await;
        self.pausing.set(self.pausing.get() - 1);
    }
}
