//! Owns the command `trueline-agent`.

use std::process::ExitCode;

use clap::Parser;
use trueline_agent::{AgentArgs, run};

/// A virtual Waffle Nano: connect to it with mpremote or any serial terminal.
#[derive(Parser)]
#[command(name = "trueline-agent", version)]
struct Arguments {
    #[command(flatten)]
    agent: AgentArgs,
}

fn main() -> ExitCode {
    match run(&Arguments::parse().agent) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("trueline-agent: {error}");
            ExitCode::FAILURE
        }
    }
}
