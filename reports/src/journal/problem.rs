//! Owns what can be wrong with a record, and how that is said.

use std::fmt;
use std::path::Path;

use thiserror::Error;

use crate::day::Day;
use crate::record::{FORMAT, OLDEST_VERSION, VERSION};
use crate::tally::Contradiction;
use crate::visible::{self, quoted};

/// How many problems are said in full: a file that is no record has one a line.
const SHOWN: usize = 12;
/// How many problems are looked for: a file with so many is no record.
pub(super) const KEPT: usize = 100;

/// A record that cannot be trusted, with everything that is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub struct Invalid {
    /// What is wrong, in the order of lines; never empty, and the first ones of very many.
    pub problems: Vec<Problem>,
}

impl Invalid {
    /// The message, with the file's name at the head of each line.
    #[must_use]
    pub fn in_file(&self, file: &Path) -> String {
        let prefix = format!("{}:", visible::line(&file.to_string_lossy()));
        self.message(&prefix)
    }

    fn message(&self, prefix: &str) -> String {
        let shown = self.problems.iter().take(SHOWN);
        let mut lines: Vec<String> = shown.map(|problem| format!("{prefix}{problem}")).collect();
        let more = self.problems.len().saturating_sub(SHOWN);
        if self.problems.len() == KEPT {
            lines.push(format!("… and at least {more} more"));
        } else if more > 0 {
            lines.push(format!("… and {more} more"));
        }
        lines.join("\n")
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message("line "))
    }
}

/// Something wrong with a record, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong there.
    pub kind: ProblemKind,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {}",
            self.line,
            visible::line(&self.kind.to_string())
        )
    }
}

/// What can be wrong with a record.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ProblemKind {
    /// There is nothing.
    #[error("the record is empty; run it anew")]
    Empty,
    /// A line is not UTF-8.
    #[error("the line is not UTF-8; the file was damaged, take it from where it was written")]
    NotUtf8,
    /// The file was converted.
    #[error(
        "the line ends in CR LF, so the file was converted; take it as it was written (in Git: \
         `*.jsonl -text` in .gitattributes)"
    )]
    CarriageReturn,
    /// The last line has no line feed.
    #[error(
        "the line breaks off: the run was killed, or the file was cut; go on with the run by \
         --resume, or run it anew"
    )]
    BreaksOff,
    /// The first line has no line feed.
    #[error(
        "the header breaks off: the run was killed when it had hardly begun, or the file was cut \
         short; run it anew"
    )]
    HeaderBreaksOff,
    /// It is no line of a record.
    #[error("{0}; this is no line of a {FORMAT}, version {VERSION}")]
    Malformed(String),
    /// It says something, but not as Trueline writes it.
    #[error(
        "the line is not spelt as Trueline writes it (members out of order, missing or unknown, \
         or spaces between them); take the file as it was written"
    )]
    Respelt,
    /// It is another format.
    #[error("the format is {}, not \"{FORMAT}\"; give the record.jsonl of a run", quoted(.0))]
    Format(String),
    /// It is another version.
    #[error(
        "the record has version {0}, and this Trueline reads versions {OLDEST_VERSION} to {VERSION}; use the Trueline that wrote it"
    )]
    Version(u64),
    /// A line does not carry its chain.
    #[error("the line has no `chain`, which ties it to the lines above it: it was changed")]
    Unchained,
    /// A line's chain is another than its text and the lines above it give.
    #[error(
        "the line's chain is {said}, but it and the lines above it come to {found}: one of them was \
         changed, added or taken out since the run wrote it; take the file as it was written, or run \
         it anew"
    )]
    Chain {
        /// What the line says.
        said: String,
        /// What the lines come to.
        found: String,
    },
    /// The first line is no header.
    #[error("the first line is no header; the beginning of the record is missing")]
    NoHeader,
    /// There is a second header.
    #[error("a second header; two records were joined: read them one by one")]
    SecondHeader,
    /// A clause stands below the cases.
    #[error("a clause below the first case; all clauses stand above it")]
    LateClause,
    /// The time of the run is no time.
    #[error("`started` is {}, which is no time as RFC 3339 writes it", quoted(.0))]
    Started(String),
    /// There is a list of deviations without a day, or a day without a list.
    #[error(
        "`deviations` and the day in `timing` stand together or not at all: without a day nobody \
         knows which entries held"
    )]
    Day,
    /// A clause has a deviation, and the run had no list of them.
    #[error("the clause {} has a deviation, but the header names no list of deviations", quoted(.0))]
    Unlisted(String),
    /// A deviation gives no reason.
    #[error("the deviation from {} gives no reason", quoted(.0))]
    WithoutReason(String),
    /// Whether a deviation held does not follow from the days.
    #[error(
        "the deviation from {} lasts until {expires}, and the day of the run is {day}: \
         `holds` says otherwise", quoted(.clause)
    )]
    Holds {
        /// The clause.
        clause: String,
        /// The last day of the deviation.
        expires: Day,
        /// The day of the run.
        day: Day,
    },
    /// A line below the closing one.
    #[error("a line below the closing line, which is the last of a record")]
    AfterClosing,
    /// The closing line is missing.
    #[error(
        "the closing line is missing: the run did not come to its end, so the record says \
         nothing of the target; go on with the run by --resume, or run it anew"
    )]
    NoClosing,
    /// Lines contradict one another.
    #[error(transparent)]
    Contradiction(#[from] Contradiction),
    /// The closing line's digest is another.
    #[error("the digest is {said}, but the lines come to {found}: a line was changed")]
    Digest {
        /// What the closing line says.
        said: String,
        /// What the lines come to.
        found: String,
    },
    /// The closing line counts wrongly.
    #[error("the closing line counts {what} otherwise than the cases do: it was changed")]
    Counts {
        /// `clauses` or `cases`.
        what: &'static str,
    },
    /// The closing line says another outcome.
    #[error("the closing line's outcome does not follow from the cases: it was changed")]
    Outcome,
}

impl ProblemKind {
    /// What the parser says of a line, without the line number that it counts itself. It knows
    /// a column only where the text is no JSON.
    pub(super) fn malformed(error: &serde_json::Error) -> ProblemKind {
        const LONGEST: usize = 200;
        let said = error.to_string();
        let what = said
            .rsplit_once(" at line ")
            .map_or(said.as_str(), |(what, _)| what);
        let mut what = visible::cut(what, LONGEST).into_owned();
        if error.is_syntax() || error.is_eof() {
            what = format!("column {}: {what}", error.column());
        }
        ProblemKind::Malformed(what)
    }
}
