//! Owns how the harness's own lists are read, which are YAML: within bounds, and with every problem at its
//! place. Does not know what a list is about.

use std::fmt;
use std::io;
use std::path::Path;

use serde::de::DeserializeOwned;
use trueline_spec::bounded;
use trueline_spec::document::{Document, SourceFile};
use trueline_spec::problem::{Problem, joined};

/// Everything that is wrong with a file, in the order of its lines.
#[derive(Debug)]
pub struct Unsound(Vec<Problem>);

impl Unsound {
    /// Problems, in any order.
    fn new(mut problems: Vec<Problem>) -> Unsound {
        problems.sort();
        Unsound(problems)
    }

    /// The same with other lines shown than those of the file.
    #[must_use]
    pub fn showing(mut self, line: impl Fn(&str) -> String) -> Unsound {
        for problem in &mut self.0 {
            problem.source = line(&problem.source);
        }
        self
    }
}

impl fmt::Display for Unsound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&joined(&self.0, Problem::to_string))
    }
}

impl std::error::Error for Unsound {}

/// A kind of lists.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// What it is to its user, as `the list of deviations`.
    pub what: &'static str,
    /// What it looks like, for whoever has written something else.
    pub form: &'static str,
}

/// The text of a file; `what` is what it is to its user.
///
/// # Errors
/// When it cannot be read.
pub fn read(file: &Path, what: &str) -> Result<String, Unsound> {
    bounded::read_text(file, bounded::LARGEST_TEXT).map_err(|error| unreadable(file, what, &error))
}

/// Why a file has no text.
#[must_use]
pub fn unreadable(file: &Path, what: &str, error: &io::Error) -> Unsound {
    Unsound(vec![problem(
        file,
        format!("{what} cannot be read: {error}"),
        "name a file that is there and can be read",
    )])
}

/// Reads a list; `take` makes of its shape what it means, and reports to the document what is wrong.
///
/// # Errors
/// Everything that is wrong with it.
pub fn parse<T: DeserializeOwned, R>(
    file: &Path,
    text: String,
    kind: Kind,
    take: impl FnOnce(&Document<'_>, &T) -> R,
) -> Result<R, Unsound> {
    if is_blank(&text) {
        let empty = format!("{} is empty", kind.what);
        return Err(Unsound(vec![problem(file, empty, kind.form)]));
    }
    let file = SourceFile {
        path: file.to_owned(),
        text,
    };
    let (document, shape) = Document::of_a_bench::<T>(&file, kind.form);
    let taken = shape.map(|shape| take(&document, &shape));
    let problems = document.into_problems();
    match taken {
        Some(taken) if problems.is_empty() => Ok(taken),
        _ => Err(Unsound::new(problems)),
    }
}

/// Whether a text says nothing.
#[must_use]
pub fn is_blank(text: &str) -> bool {
    let says_something = |line: &str| !line.is_empty() && !line.starts_with('#');
    !text.lines().map(str::trim).any(says_something)
}

/// A problem of a file as a whole.
fn problem(file: &Path, message: String, remedy: &str) -> Problem {
    Problem {
        file: file.to_owned(),
        line: 0,
        column: 0,
        length: 1,
        message,
        suggestion: Some(remedy.to_owned()),
        source: String::new(),
    }
}
