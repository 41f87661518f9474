//! Owns what can break in the bench. Nothing here is a verdict on the target.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::secrets::Secrets;

/// The bench broke: the target could not be reached, or what came from it is no answer.
#[derive(Debug, thiserror::Error, Serialize, Deserialize)]
#[non_exhaustive]
pub enum BenchError {
    /// The target's URL is not one.
    #[error("the target `{url}` is not understood: {reason}")]
    Url {
        /// As given.
        url: String,
        /// What is wrong with it and what would be right.
        reason: String,
    },
    /// The target could not be opened.
    #[error("the target `{target}` could not be opened: {reason}")]
    Open {
        /// The target's URL.
        target: String,
        /// What the system said, and the remedy.
        reason: String,
    },
    /// What has to run on the target after each start did not run.
    #[error("the boot file {} {reason}", .file.display())]
    Boot {
        /// As given.
        file: PathBuf,
        /// What happened, and the target's traceback where there is one.
        reason: String,
    },
    /// The user's command that resets the target did not do so.
    #[error("the reset command `{command}` {reason}")]
    Reset {
        /// As given.
        command: String,
        /// What happened.
        reason: String,
    },
    /// The target ended or its line went away.
    #[error("the target went away: {0}")]
    Gone(String),
    /// The target said nothing in time, not even to an interrupt.
    #[error("the target does not answer: {0}")]
    Silent(String),
    /// The program printed more than any clause can be about, and had not ended.
    #[error("the target prints without end: {0}")]
    Endless(String),
    /// What came is not what a raw REPL says.
    #[error("the target's answer is not understood: {0}")]
    Garbled(String),
    /// What was sent did not arrive as it was sent, as often as it was sent.
    #[error("the line to the target is bad: {0}")]
    BadLine(String),
    /// The scenario asks for what cannot be done.
    #[error("the scenario cannot be run: {0}")]
    Scenario(String),
    /// The harness's own side of the network failed.
    #[error("the bench's own network failed while {doing}: {reason}")]
    Network {
        /// What was being done.
        doing: String,
        /// What the system said.
        reason: String,
    },
    /// The simulator itself failed, whatever its board was doing.
    #[error("the simulator failed: {0}")]
    Simulator(String),
}

/// What to do about a bad line.
pub(crate) const BAD_LINE: &str = "check the line's speed (`baud` in the target's URL), its wiring, and \
                                   whether anything else writes to it or reads from it";

impl BenchError {
    /// The same without secrets in what it says: much of that is the target's words.
    pub(crate) fn hiding(self, secrets: &Secrets) -> BenchError {
        let hide = |says: String| secrets.hide(&says).into_owned();
        match self {
            BenchError::Url { url, reason } => BenchError::Url {
                url,
                reason: hide(reason),
            },
            BenchError::Open { target, reason } => BenchError::Open {
                target,
                reason: hide(reason),
            },
            BenchError::Boot { file, reason } => BenchError::Boot {
                file,
                reason: hide(reason),
            },
            BenchError::Reset { command, reason } => BenchError::Reset {
                command: hide(command),
                reason: hide(reason),
            },
            BenchError::Gone(says) => BenchError::Gone(hide(says)),
            BenchError::Silent(says) => BenchError::Silent(hide(says)),
            BenchError::Endless(says) => BenchError::Endless(hide(says)),
            BenchError::Garbled(says) => BenchError::Garbled(hide(says)),
            BenchError::BadLine(says) => BenchError::BadLine(hide(says)),
            BenchError::Scenario(says) => BenchError::Scenario(hide(says)),
            BenchError::Simulator(says) => BenchError::Simulator(hide(says)),
            BenchError::Network { .. } => self,
        }
    }
}
