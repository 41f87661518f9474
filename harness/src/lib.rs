//! The harness of Trueline: plan, run, judge, shrink, and the command line.
//!
//! The way of the data: a pack becomes a [`plan::Plan`]; [`staging`] makes a scenario of each
//! case; a session runs it; the [`judge`] holds what was observed against the clause; the
//! verdict goes on record. [`conduct::Conduct`] does all of it for one target.
//!
//! | module | owns |
//! |---|---|
//! | [`plan`] | which cases, in which order, with which seeds |
//! | [`generate`] | inputs drawn from a seed, and simpler ones |
//! | [`staging`] | from a check with inputs to a scenario |
//! | [`judge`] | the verdict on an observation |
//! | [`attempt`] | one case tried, and made simpler while it fails |
//! | [`run`] | the cases of a clause on a session, a sick target brought back |
//! | [`cases`] | what planned cases are tried with: judge, inputs, circumstances |
//! | [`history`] | which cases have run since a target was started |
//! | [`confirmation`] | a failure run again: alone, and after what had run before it |
//! | [`loss`] | a target that is lost while a program runs, and whether it is its own doing |
//! | [`secrecy`] | that what a run tells holds no password |
//! | [`assembly`] | what several runners tell, on record in the order of the plan |
//! | [`captures`] | the files with packets that a run leaves |
//! | [`out_folder`], [`made_folder`], [`replace`] | the folder of a run, how folders are made, and how files are replaced |
//! | `file_limit` | that a file which may not grow is an error of its write |
//! | [`expected`] | which firmware a run expects to meet |
//! | [`conduct`] | a run from URL to closed record |
//! | [`opening`] | what became of its first target |
//! | [`resume`] | a run that is taken up again: what its record keeps, and what is left |
//! | [`regressions`] | inputs that failed before |
//! | [`deviations`] | failures that are known beforehand |
//! | [`source_file`] | YAML files of the harness's own, and problems at their places |
//! | [`targets`] | the targets of a bench by their names |
//! | [`doctor`] | whether a bench is sound, before anything is tested on it |
//! | [`command_line`] | what people type, and what they get |

pub mod assembly;
pub mod attempt;
pub mod captures;
pub mod cases;
pub mod command_line;
pub mod conduct;
pub mod confirmation;
pub mod deviations;
pub mod doctor;
pub mod exit;
pub mod expected;
mod file_limit;
pub mod finding;
pub mod generate;
pub mod heading;
pub mod history;
pub mod judge;
pub mod loss;
pub mod made_folder;
pub mod opening;
pub mod out_folder;
pub mod plan;
pub mod progress;
mod prose;
pub mod regressions;
pub mod replace;
pub mod resume;
pub mod run;
pub mod secrecy;
pub mod source_file;
pub mod staging;
pub mod stop;
pub mod targets;
pub mod undecided;

use std::process::ExitCode;

use trueline_adapters::worker::{self, Role};

/// Serves as a worker process until whoever started it is done with it.
#[must_use]
pub fn work(role: Role) -> ExitCode {
    let served = match role {
        Role::Judge => judge::serve(),
        Role::Simulator | Role::Agent => worker::serve(role),
    };
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("trueline {} {}: {error}", worker::COMMAND, role.word());
            ExitCode::FAILURE
        }
    }
}
