//! Owns what people type and the code that they get back. Each command has a file of its own.

mod agent;
mod check;
mod run;
mod terminal;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::exit::Exit;

/// Does this firmware keep what its API document promises?
///
/// Trueline runs a document's clauses against a MicroPython target and reports every
/// deviation with the sentence that is broken and the smallest program that shows it.
#[derive(Parser)]
#[command(name = "trueline", version, after_help = EXIT_CODES)]
struct Arguments {
    #[command(flatten)]
    color: colorchoice_clap::Color,
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "\
Exit codes: 0 conforms, or done; 1 does not conform; 2 usage or an invalid spec; \
3 the bench failed; 4 nothing was selected; 130 interrupted";

#[derive(Subcommand)]
enum Command {
    /// Run a pack on a target and write record and reports
    Run(run::Arguments),
    /// Read a pack and report every problem at once
    Check(check::Arguments),
    /// Run the reference firmware agent as a virtual board
    Agent(trueline_agent::AgentArgs),
}

/// Does what the process's arguments ask for.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    arguments.color.write_global();
    match arguments.command {
        Command::Run(arguments) => exit(run::main(&arguments)),
        Command::Check(arguments) => exit(check::main(&arguments)),
        Command::Agent(arguments) => agent::main(&arguments),
    }
}

/// A command that could not do its work: what it says goes to standard error as it is.
struct Failure {
    exit: Exit,
    says: String,
}

impl Failure {
    fn new(exit: Exit, sentence: impl ToString) -> Self {
        let says = terminal::error(&sentence.to_string());
        Self { exit, says }
    }

    fn usage(sentence: impl ToString) -> Self {
        Self::new(Exit::Usage, sentence)
    }

    fn bench(sentence: impl ToString) -> Self {
        Self::new(Exit::BenchFailed, sentence)
    }
}

fn exit(ended: Result<Exit, Failure>) -> ExitCode {
    ended
        .unwrap_or_else(|failure| {
            anstream::eprintln!("{}", failure.says);
            failure.exit
        })
        .into()
}
