//! Owns what is said of a target that has no raw REPL to begin with: what would have to be there. Opens
//! nothing.

use crate::error::BenchError;
use crate::target_url::Place;

/// The error of a target that did not begin, with the remedy.
pub(super) fn with_remedy(error: BenchError, place: &Place) -> BenchError {
    let wanted = match place {
        Place::Command(_) => {
            "`exec:` takes a command that goes on running and has a raw REPL on its terminal, as \
             `exec:micropython`"
        }
        Place::Python(_) => "`cpython:` takes an interpreter of Python 3, as `cpython:python3`",
        Place::Wired(_) | Place::Farm(_) => "is a firmware with a raw REPL running there?",
        // Its command line is none of the user's.
        Place::Sim | Place::Agent => return error,
    };
    let says = |says: String| format!("{says}; {wanted}");
    match error {
        BenchError::Gone(why) => BenchError::Gone(says(why)),
        BenchError::Silent(why) => BenchError::Silent(says(why)),
        BenchError::Endless(why) => BenchError::Endless(says(why)),
        BenchError::Garbled(why) => BenchError::Garbled(says(why)),
        error => error,
    }
}
