//! Owns how a board is reset by its control lines: which line changes when. Changes none.

use std::time::Duration;

use crate::target_url::wired::Controls;

/// How long the reset is held. A board's own circuit needs some milliseconds to follow.
const HELD: Duration = Duration::from_millis(100);
/// How long the board gets to read its strapping pins before DTR, which may be wired to one of
/// them, changes again.
const STRAPPING: Duration = Duration::from_millis(50);

/// A control line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Control {
    /// Data terminal ready.
    Dtr,
    /// Request to send.
    Rts,
}

/// A change of a control line, and how long nothing changes after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) control: Control,
    pub(super) on: bool,
    pub(super) pause: Duration,
}

/// What resets a board whose reset is wired as on most: RTS alone holds it, DTR would start its
/// boot loader, and both together do nothing. In the end both are as they were asked for, or on,
/// as the opening of a line leaves them; a board with its own USB says nothing without DTR.
pub(super) fn steps(asked: Controls) -> [Step; 5] {
    let step = |control, on, pause| Step { control, on, pause };
    [
        step(Control::Dtr, false, Duration::ZERO),
        step(Control::Rts, true, HELD),
        step(Control::Rts, false, STRAPPING),
        // In this order, and RTS off with a DTR that is wanted off, so that RTS does not stand
        // alone again unless that is asked for.
        step(Control::Dtr, asked.dtr.unwrap_or(true), Duration::ZERO),
        step(
            Control::Rts,
            asked.rts.unwrap_or(asked.dtr.unwrap_or(true)),
            Duration::ZERO,
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pairs of levels that the steps go through, from both on.
    fn levels(asked: Controls) -> Vec<(bool, bool)> {
        let (mut dtr, mut rts) = (true, true);
        let levels = steps(asked).map(|step| {
            match step.control {
                Control::Dtr => dtr = step.on,
                Control::Rts => rts = step.on,
            }
            (dtr, rts)
        });
        levels.to_vec()
    }

    #[test]
    fn rts_alone_is_held_once_and_not_left_so() {
        for dtr in [None, Some(true), Some(false)] {
            let levels = levels(Controls { dtr, rts: None });
            let alone = levels.iter().filter(|level| **level == (false, true));
            assert!(alone.count() >= 1);
            assert_ne!(levels.last(), Some(&(false, true)), "{dtr:?}");
        }
    }

    #[test]
    fn lines_that_were_asked_for_are_so_again() {
        let asked = Controls {
            dtr: Some(true),
            rts: Some(false),
        };
        assert_eq!(levels(asked).last(), Some(&(true, false)));
    }
}
