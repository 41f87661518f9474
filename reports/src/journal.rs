//! Owns the record as a file: its lines are written by [`Writer`], read and checked by
//! [`read`]. Does not know what is rendered from it.

mod chain;
mod heading;
mod problem;
mod reader;
mod writer;

pub use problem::{Invalid, Problem, ProblemKind};
pub use reader::{read, read_unfinished};
pub use writer::{WriteError, Writer};

use crate::record::{Case, Clause, Closing, Header, NotRun, Note};

/// A record that was read and found sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// What was run on what.
    pub header: Header,
    /// The planned clauses, in the order of the plan.
    pub clauses: Vec<Clause>,
    /// The cases that were run, in the order of their lines.
    pub cases: Vec<Case>,
    /// The cases that were not.
    pub not_run: Vec<NotRun>,
    /// What happened to the bench.
    pub notes: Vec<Note>,
    /// The last line. `None` only when the record breaks off, which [`read_unfinished`] alone
    /// lets pass: then nothing here says whether the target conforms.
    pub closing: Option<Closing>,
}
