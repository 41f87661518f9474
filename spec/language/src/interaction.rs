//! Owns how a program is dealt with while it runs: the lines that it gets, and that it is
//! interrupted where it does not end by itself.

use crate::document::Document;
use crate::field::Field;

/// Reads `input`. `None` where a line cannot be read, which has been reported then.
pub(crate) fn input(
    document: &Document<'_>,
    field: &Field<Vec<Field<String>>>,
) -> Option<Vec<String>> {
    let Some((spot, lines)) = field.placed() else {
        return field.is_absent().then(Vec::new);
    };
    if lines.is_empty() {
        document.report(spot, "an `input` without a line gives nothing");
    }
    let lines = lines.iter().map(|line| {
        let (spot, line) = line.placed()?;
        if line.chars().any(char::is_control) {
            let message = "a line of `input` has no line ends and no other control characters";
            document.report(spot, message);
        }
        Some(line.clone())
    });
    // All of them are looked at before the first bad one counts.
    lines.collect::<Vec<_>>().into_iter().collect()
}

/// What decides whether a program may be endless.
pub(crate) struct Endless {
    /// Whether it stands where one may be.
    pub allowed: bool,
    /// Whether there is a peer whose end is the end of the program.
    pub has_peer: bool,
    /// Whether an exception has to end it, or may.
    pub raises: bool,
}

impl Endless {
    /// Reads `endless`. `None` where it cannot be read, which has been reported then.
    pub(crate) fn read(&self, document: &Document<'_>, field: &Field<bool>) -> Option<bool> {
        let Some((spot, endless)) = field.placed() else {
            return field.is_absent().then_some(false);
        };
        if !self.allowed {
            document.report(spot, "`endless` belongs to an `example`");
        } else if *endless && !self.has_peer {
            let message =
                "an endless program is interrupted when its peers are done, and there is no peer";
            document.report(spot, message);
        } else if *endless && self.raises {
            let message = "an endless program is interrupted: no exception of its own can end it";
            document.report(spot, message);
        }
        Some(*endless)
    }
}
