//! Owns the exit codes: what people script against. Does not decide which applies.

use std::process::ExitCode;

use trueline_reports::record::Outcome;

/// How the command ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// The target conforms, or the command did what it was asked.
    Conforms,
    /// The target does not conform.
    DoesNotConform,
    /// The command or the spec is wrong.
    Usage,
    /// Nobody can say: the bench failed, the pack is wrong, or a clause is flaky or beyond the judge's limits.
    BenchFailed,
    /// Nothing was selected, so nothing was tested.
    NothingSelected,
    /// The user stopped it.
    Interrupted,
}

impl Exit {
    /// The number.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Exit::Conforms => 0,
            Exit::DoesNotConform => 1,
            Exit::Usage => 2,
            Exit::BenchFailed => 3,
            Exit::NothingSelected => 4,
            Exit::Interrupted => 130,
        }
    }
}

impl From<Outcome> for Exit {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Conforms => Exit::Conforms,
            Outcome::DoesNotConform => Exit::DoesNotConform,
            Outcome::BenchFailed => Exit::BenchFailed,
            Outcome::Interrupted => Exit::Interrupted,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        exit.code().into()
    }
}
