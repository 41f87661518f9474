//! Owns what people type and the code that they get back. Each command has a file of its own.

mod agent;
mod check;
mod coverage;
mod doctor;
mod notices;
mod pack;
mod pages;
mod plan;
mod report;
mod resume;
mod run;
mod schema;
mod selection;
mod table;
mod target;
mod terminal;
mod usage;

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory as _, Parser, Subcommand};
use serde::Serialize;
use trueline_spec::visible;

use crate::exit::Exit;
use crate::file_limit;
use crate::prose;
use crate::source_file::Unsound;

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
Exit codes: 0 conforms, or done; 1 does not conform, or is not covered; 2 usage or an invalid \
spec; 3 nobody can say; 4 nothing was selected; 130 interrupted";

#[derive(Subcommand)]
enum Command {
    /// Run a pack on a target and write record and reports
    Run(run::Arguments),
    /// List what a run with the same flags would do, and run nothing
    Plan(plan::Arguments),
    /// Read a pack and report every problem at once
    Check(check::Arguments),
    /// Say how much of its document a pack covers; exit code 1 when something is left out
    Coverage(coverage::Arguments),
    /// Print or write the JSON Schemas of a pack's files and of targets.yaml, for editors
    Schema(schema::Arguments),
    /// Write a pack as pages for people, one for each item, in Markdown
    Pages(pages::Arguments),
    /// Render reports from records of runs
    Report(report::Arguments),
    /// Say whether target, line and network are fit for a run, and what to mend if not
    Doctor(doctor::Arguments),
    /// Run the reference firmware agent as a virtual board
    Agent(trueline_agent::AgentArgs),
    /// Print the licences of the libraries that this program holds
    Notices,
}

/// Does what the process's arguments ask for.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        // Help and version are asked for.
        Err(told) if !told.use_stderr() => told.exit(),
        // Help is what somebody needs who has said nothing.
        Err(told) if told.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            told.exit()
        }
        Err(error) => return exit(Err(usage::refused(&error, &Arguments::command()))),
    };
    arguments.color.write_global();
    if let Err(error) = file_limit::let_writes_fail() {
        return exit(Err(Failure::bench(format!("no signals: {error}"))));
    }
    match arguments.command {
        Command::Run(arguments) => exit(run::main(&arguments)),
        Command::Plan(arguments) => exit(plan::main(&arguments)),
        Command::Check(arguments) => exit(check::main(&arguments)),
        Command::Coverage(arguments) => exit(coverage::main(&arguments)),
        Command::Schema(arguments) => exit(schema::main(&arguments)),
        Command::Pages(arguments) => exit(pages::main(&arguments)),
        Command::Report(arguments) => exit(report::main(&arguments)),
        Command::Doctor(arguments) => exit(doctor::main(&arguments)),
        Command::Agent(arguments) => agent::main(&arguments),
        Command::Notices => exit(notices::main()),
    }
}

/// A command that could not do its work: what it says goes to standard error as it is.
struct Failure {
    exit: Exit,
    says: String,
}

impl Failure {
    fn new(exit: Exit, sentence: impl ToString) -> Self {
        let says = terminal::error(&visible::block(&sentence.to_string()));
        let says = prose::for_stderr(&says);
        Self { exit, says }
    }

    fn usage(sentence: impl ToString) -> Self {
        Self::new(Exit::Usage, sentence)
    }

    /// Each problem of a file is laid out with its own heading.
    fn unsound(unsound: Unsound) -> Self {
        Self {
            exit: Exit::Usage,
            says: prose::of_problems(&unsound.to_string()),
        }
    }

    fn bench(sentence: impl ToString) -> Self {
        Self::new(Exit::BenchFailed, sentence)
    }
}

/// So many properties.
fn properties(count: usize) -> String {
    match count {
        1 => "1 property".to_owned(),
        count => format!("{count} properties"),
    }
}

/// Prints results. A reader that has seen enough, as `head` has, is no error.
fn print(text: &str) -> Result<(), Failure> {
    let mut out = anstream::stdout().lock();
    let printed = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    match printed {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Failure::bench(format!(
            "results cannot be printed: {error}"
        ))),
        _ => Ok(()),
    }
}

/// Prints one JSON document, in which no character acts on a terminal.
fn print_json(document: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(document).map_err(Failure::bench)?;
    // JSON itself wants only those below 32 escaped; outside of strings there are none of these.
    let mut shown = String::with_capacity(text.len() + 1);
    for c in text.chars() {
        match c {
            '\u{7f}'..='\u{9f}' => shown.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => shown.push(c),
        }
    }
    print(&(shown + "\n"))
}

/// Prints results that are sentences.
fn print_prose(text: &str) -> Result<(), Failure> {
    print(&prose::for_stdout(text))
}

/// Prints to standard error. Whoever reads it may be gone: then nobody misses it.
fn complain(says: &str) {
    drop(writeln!(anstream::stderr(), "{says}"));
}

fn exit(ended: Result<Exit, Failure>) -> ExitCode {
    ended
        .unwrap_or_else(|failure| {
            complain(&failure.says);
            failure.exit
        })
        .into()
}
