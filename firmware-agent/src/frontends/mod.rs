//! Owns the lines that a board can stand on.

mod pty;
mod stdio;
mod tcp;

use std::process::ExitCode;

use crate::arguments::{AgentArgs, ReplAt};

/// Why an agent could not run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AgentError {
    /// The line could not be opened.
    #[error("{line} could not be opened: {source}")]
    Open {
        /// Which line.
        line: ReplAt,
        /// What the system said.
        source: std::io::Error,
    },
    /// The line broke.
    #[error("{line} broke: {source}")]
    Broke {
        /// Which line.
        line: ReplAt,
        /// What the system said.
        source: std::io::Error,
    },
}

/// Runs an agent until its line ends.
pub fn run(args: &AgentArgs) -> Result<ExitCode, AgentError> {
    let line = args.repl;
    let open = |source| AgentError::Open { line, source };
    let outcome = match line {
        ReplAt::Stdio => stdio::Stdio::open().map_err(open)?.serve(),
        ReplAt::Pty => pty::Pty::open().map_err(open)?.serve(),
        ReplAt::Tcp(address) => tcp::Tcp::open(address).map_err(open)?.serve(),
    };
    outcome.map_err(|source| AgentError::Broke { line, source })?;
    Ok(ExitCode::SUCCESS)
}
