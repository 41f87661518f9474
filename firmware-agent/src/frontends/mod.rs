//! Owns the lines that a board can stand on.

mod pty;
mod stdio;
mod tcp;

use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::process::ExitCode;
use std::sync::Arc;

use crate::arguments::{AgentArgs, ReplAt};
use crate::console::Console;
use crate::interrupt::Interrupt;
use crate::net::host::HostNet;
use crate::serve::serve;
use crate::uart::{Baud, Receiver, Transmitter};

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
        source: io::Error,
    },
    /// The line broke.
    #[error("{line} broke: {source}")]
    Broke {
        /// Which line.
        line: ReplAt,
        /// What the system said.
        source: io::Error,
    },
}

/// Runs an agent until its line ends.
pub fn run(args: &AgentArgs) -> Result<ExitCode, AgentError> {
    let line = args.repl;
    let access_point = args.access_point().map_err(AgentError::Password)?;
    let network = |interrupt| HostNet::in_reach_of(access_point, interrupt);
    let open = |source| AgentError::Open { line, source };
    let outcome = match line {
        ReplAt::Stdio => stdio::Stdio::open()
            .map_err(open)?
            .serve(args.baud, network),
        ReplAt::Pty => pty::Pty::open().map_err(open)?.serve(args.baud, network),
        ReplAt::Tcp(address) => tcp::Tcp::open(address)
            .map_err(open)?
            .serve(args.baud, network),
    };
    outcome.map_err(|source| AgentError::Broke { line, source })?;
    Ok(ExitCode::SUCCESS)
}

/// Runs a board on a line until its input ends, at the speed of the line if it has one.
fn serve_at(
    baud: Option<Baud>,
    input: impl Read + AsFd + Send + 'static,
    output: impl Write + Send + 'static,
    make_net: impl FnOnce(Arc<Interrupt>) -> HostNet + Send + 'static,
) -> io::Result<()> {
    let Some(baud) = baud else {
        return serve(input, Console::new(output), make_net);
    };
    let (transmitter, buffer) = Transmitter::spawn(output, baud)?;
    let input = Receiver::spawn(input, baud)?;
    let outcome = serve(input, Console::unbuffered(buffer), make_net);
    transmitter.end();
    outcome
}
