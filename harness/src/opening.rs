//! Owns what became of a run's first target, and that a run which has not begun replaces nothing. Opens
//! no target.

use std::path::PathBuf;

use trueline_adapters::session::TargetInfo;
use trueline_reports::record::Reason;

use crate::out_folder::OutFolder;

/// What became of the first target of a run.
pub struct Opening {
    /// What the target says of itself, where it could be asked.
    pub target: Option<TargetInfo>,
    /// Why nothing is run on it; `None`: the run has begun.
    pub failure: Option<Failure>,
}

/// Why a run has not begun.
pub struct Failure {
    /// What went wrong; `None`: nothing did, and somebody has stopped it.
    pub says: Option<String>,
    /// The same for the record.
    pub because: Reason,
}

/// A run that has not begun, so what an earlier one left is as it was.
#[derive(Debug, thiserror::Error)]
#[error("nothing was run, and the earlier record in {} stays as it was: {says}", folder.display())]
pub struct NotBegun {
    says: String,
    folder: PathBuf,
    /// Whether somebody has stopped it.
    pub is_interrupted: bool,
}

impl Opening {
    /// The target has opened.
    #[must_use]
    pub fn begun(target: TargetInfo) -> Opening {
        Opening {
            target: Some(target),
            failure: None,
        }
    }

    /// The target could not be opened, as the sentence says.
    #[must_use]
    pub fn failed(says: String) -> Opening {
        Opening::not_begun(None, Some(says), Reason::BenchLost)
    }

    /// The target is another one than was expected, as the sentence says.
    #[must_use]
    pub fn refused(target: TargetInfo, says: String) -> Opening {
        Opening::not_begun(Some(target), Some(says), Reason::OtherTarget)
    }

    /// The run was stopped before the target had opened.
    #[must_use]
    pub fn stopped() -> Opening {
        Opening::not_begun(None, None, Reason::Interrupted)
    }

    fn not_begun(target: Option<TargetInfo>, says: Option<String>, because: Reason) -> Opening {
        Opening {
            target,
            failure: Some(Failure { says, because }),
        }
    }

    /// Refuses to replace what an earlier run left in the folder by a run that has not begun.
    ///
    /// # Errors
    /// When it has not.
    pub fn must_have_begun(&self, folder: &OutFolder) -> Result<(), NotBegun> {
        let Some(failure) = &self.failure else {
            return Ok(());
        };
        let stopped = || "the run was stopped before its target had opened".to_owned();
        Err(NotBegun {
            says: failure.says.clone().unwrap_or_else(stopped),
            folder: folder.path().to_owned(),
            is_interrupted: failure.because == Reason::Interrupted,
        })
    }
}
