//! Owns `trueline agent`: the reference firmware agent under the command line's exit codes.

use std::process::ExitCode;

use trueline_agent::AgentArgs;

use super::{Failure, exit};

/// Serves the agent until its line ends.
pub fn main(arguments: &AgentArgs) -> ExitCode {
    match trueline_agent::run(arguments) {
        Ok(code) => code,
        Err(error) => exit(Err(Failure::bench(error))),
    }
}
