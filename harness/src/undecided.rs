//! Owns why nobody can say whether a clause holds, and whose matter that is. Decides nothing.

use trueline_reports::record::{Cause, Verdict};

/// Why there is no verdict on the target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undecided {
    /// What happened, in a sentence.
    pub because: String,
    /// What kept it from a verdict.
    pub cause: Cause,
}

impl Undecided {
    /// The bench broke.
    pub fn by_the_bench(because: impl ToString) -> Undecided {
        Undecided {
            because: because.to_string(),
            cause: Cause::Bench,
        }
    }

    /// The pack is at fault: `what` says it as the rest of the sentence.
    pub fn by_the_pack(what: impl std::fmt::Display) -> Undecided {
        Undecided {
            because: format!("the pack is at fault: {what}"),
            cause: Cause::Pack,
        }
    }

    /// The judge came to its limit.
    pub fn by_the_judge(because: impl ToString) -> Undecided {
        Undecided {
            because: because.to_string(),
            cause: Cause::Judge,
        }
    }
}

impl From<Undecided> for Verdict {
    fn from(undecided: Undecided) -> Verdict {
        let Undecided { because, cause } = undecided;
        Verdict::Inconclusive { because, cause }
    }
}
