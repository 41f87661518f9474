//! Owns how much a target is asked to hold at once, as its free memory allows. Sends nothing.

/// Below this a program may be too much by itself, and nothing is kept beside it.
const SMALL: u64 = 32 * 1024;

/// What a target has room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Room {
    /// How many bytes of programs it keeps for those that follow.
    pub(crate) kept: usize,
    /// How many bytes a submission of several programs may have. It is in memory as text, as
    /// tokens and as code.
    pub(crate) submission: usize,
    /// Whether a program may be too much by itself. Its imports are tried before it is sent then:
    /// where a module is missing, nothing of the rest would run.
    pub(crate) is_small: bool,
}

impl Room {
    /// The room of a target with so many bytes of free memory; `None`: it does not say, as
    /// interpreters on a host do not.
    pub(crate) fn of(free_memory: Option<u64>) -> Room {
        let free = free_memory.unwrap_or(u64::MAX);
        let share = |part: u64, most: u64| (free / part).min(most) as usize;
        Room {
            kept: if free < SMALL { 0 } else { share(8, 8 * 1024) },
            submission: share(16, 8 * 1024),
            is_small: free < SMALL,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Room;

    #[test]
    fn a_small_board_keeps_nothing_and_is_asked_for_its_modules_first() {
        let room = Room::of(Some(4000));
        assert_eq!((room.kept, room.submission, room.is_small), (0, 250, true));
    }

    #[test]
    fn no_target_is_asked_to_hold_more_than_is_of_use() {
        assert_eq!(Room::of(None), Room::of(Some(10_000_000)));
        assert!(!Room::of(None).is_small);
        assert_eq!(Room::of(Some(40 * 1024)).kept, 5 * 1024);
    }
}
