//! Owns the lines that a board can stand on.

mod pty;
mod stdio;
mod tcp;

use std::process::ExitCode;

use crate::arguments::{AgentArgs, ReplAt};
use crate::net::host::HostNet;

/// Why an agent could not run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AgentError {
    /// The password of the wireless network cannot be had.
    #[error("--wlan-password-env: {0}")]
    Password(String),
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
    let access_point = args.access_point().map_err(AgentError::Password)?;
    let network = |interrupt| HostNet::in_reach_of(access_point, interrupt);
    let open = |source| AgentError::Open { line, source };
    let outcome = match line {
        ReplAt::Stdio => stdio::Stdio::open().map_err(open)?.serve(network),
        ReplAt::Pty => pty::Pty::open().map_err(open)?.serve(network),
        ReplAt::Tcp(address) => tcp::Tcp::open(address).map_err(open)?.serve(network),
    };
    outcome.map_err(|source| AgentError::Broke { line, source })?;
    Ok(ExitCode::SUCCESS)
}
