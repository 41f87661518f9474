//! Owns the reading of a record and every check on it. A record is evidence: it is taken whole
//! and as it was written, or not at all.

use std::borrow::Cow;

use super::Record;
use super::chain;
use super::heading;
use super::problem::{Invalid, KEPT, Problem, ProblemKind};
use crate::digest::LinesDigest;
use crate::record::{
    CHAINED_SINCE, Case, Clause, Closing, FORMAT, Header, Line, NotRun, Note, OLDEST_VERSION,
    VERSION,
};
use crate::tally::Tally;

/// Reads a finished record.
///
/// # Errors
///
/// With everything that is wrong: lines that are not spelt as they were written, cases that
/// were not planned or are missing, counts, digests or an outcome that do not follow from the
/// lines, or a closing line that is not there.
pub fn read(bytes: &[u8]) -> Result<Record, Invalid> {
    parse(bytes, Ending::Demanded)
}

/// Reads what there is of a record that may have broken off: a last line without its line feed
/// is passed over, and without a closing line the record's `closing` is `None`. A record that
/// has its closing line is checked as [`read`] does.
///
/// # Errors
///
/// When the lines that are there are wrong, or there is no header.
pub fn read_unfinished(bytes: &[u8]) -> Result<Record, Invalid> {
    parse(bytes, Ending::Optional)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    Demanded,
    Optional,
}

fn parse(bytes: &[u8], ending: Ending) -> Result<Record, Invalid> {
    let (whole, torn) = match bytes.iter().rposition(|byte| *byte == b'\n') {
        Some(last) => bytes.split_at(last + 1),
        None => (&[] as &[u8], bytes),
    };
    let mut reading = Reading::default();
    for line in whole.split_inclusive(|byte| *byte == b'\n') {
        reading.line(&line[..line.len() - 1]);
        if reading.problems.len() == KEPT {
            return reading.finish(ending);
        }
    }
    if !torn.is_empty() && reading.lines == 0 {
        reading.lines += 1;
        reading.problem(ProblemKind::HeaderBreaksOff);
    } else if !torn.is_empty() && ending == Ending::Demanded {
        reading.lines += 1;
        reading.problem(ProblemKind::BreaksOff);
    }
    reading.finish(ending)
}

/// A record of which some lines have been read.
#[derive(Default)]
struct Reading {
    lines: usize,
    problems: Vec<Problem>,
    /// Whether lines carry a chain.
    is_chained: bool,
    digest: LinesDigest,
    tally: Tally,
    header: Option<Header>,
    clauses: Vec<Clause>,
    cases: Vec<Case>,
    not_run: Vec<NotRun>,
    notes: Vec<Note>,
    closing: Option<Closing>,
}

impl Reading {
    fn problem(&mut self, kind: impl Into<ProblemKind>) {
        self.problems.push(Problem {
            line: self.lines,
            kind: kind.into(),
        });
    }

    fn line(&mut self, bytes: &[u8]) {
        self.lines += 1;
        // A record of another format or version has one problem, not one a line.
        if self.lines > 1 && self.header.is_none() {
            return;
        }
        if let Err(kind) = self.read(bytes) {
            self.problem(kind);
        }
    }

    fn read(&mut self, bytes: &[u8]) -> Result<(), ProblemKind> {
        if self.closing.is_some() {
            return Err(ProblemKind::AfterClosing);
        }
        let text = str::from_utf8(bytes).map_err(|_| ProblemKind::NotUtf8)?;
        if text.ends_with('\r') {
            return Err(ProblemKind::CarriageReturn);
        }
        if self.lines == 1 {
            self.is_chained = kind_of(text)?;
        }
        if !self.is_chained {
            let line = spelt(text)?;
            return self.take(text, line);
        }
        let (text, said) = match chain::take(text) {
            Some((text, said)) => (Cow::Owned(text), Some(said)),
            None => (Cow::Borrowed(text), None),
        };
        let line = spelt(&text)?;
        match (said, matches!(line, Line::Closing(_))) {
            (None, false) => return Err(ProblemKind::Unchained),
            (Some(_), true) => return Err(ProblemKind::Respelt),
            _ => {}
        }
        self.take(&text, line)?;
        match said {
            Some(said) => self.check_chain(said),
            None => Ok(()),
        }
    }

    /// Holds a line's chain against the lines. After a problem no line's chain can be right.
    fn check_chain(&self, said: &str) -> Result<(), ProblemKind> {
        let found = chain::value(&self.digest);
        if found == said || !self.problems.is_empty() {
            return Ok(());
        }
        let said = said.to_owned();
        Err(ProblemKind::Chain { said, found })
    }

    fn take(&mut self, text: &str, line: Line) -> Result<(), ProblemKind> {
        match line {
            Line::Header(_) if self.header.is_some() => return Err(ProblemKind::SecondHeader),
            Line::Header(header) => {
                let problem = heading::header_problem(&header);
                self.header = Some(*header);
                problem.map_or(Ok(()), Err)?;
            }
            _ if self.header.is_none() => return Err(ProblemKind::NoHeader),
            Line::Clause(clause) => {
                let day = self.header.as_ref().and_then(|header| header.timing.day);
                heading::clause_problem(day, &clause).map_or(Ok(()), Err)?;
                if !self.cases.is_empty() || !self.not_run.is_empty() {
                    return Err(ProblemKind::LateClause);
                }
                self.tally.plan(&clause)?;
                self.clauses.push(clause);
            }
            Line::Case(case) => {
                self.tally.case(&case)?;
                self.cases.push(case);
            }
            Line::NotRun(not_run) => {
                self.tally.not_run(&not_run)?;
                self.not_run.push(not_run);
            }
            Line::Note(note) => self.notes.push(note),
            Line::Closing(closing) => {
                self.check_closing(&closing);
                self.closing = Some(closing);
            }
        }
        self.digest.line(text);
        Ok(())
    }

    /// Checks what the whole record has to add up to, once all lines are sound: a line that
    /// could not be read would make every sum wrong.
    fn check_closing(&mut self, closing: &Closing) {
        let Some(header) = &self.header else {
            return self.problem(ProblemKind::NoHeader);
        };
        if !self.problems.is_empty() {
            return;
        }
        let version = header.version;
        for contradiction in self.tally.contradictions(&header.plan) {
            self.problem(contradiction);
        }
        if !self.problems.is_empty() {
            return;
        }
        let found = self.digest.so_far();
        if found != closing.digest {
            self.problem(ProblemKind::Digest {
                said: closing.digest.clone(),
                found,
            });
        }
        if self.tally.clauses() != closing.clauses {
            self.problem(ProblemKind::Counts { what: "clauses" });
        }
        if self.tally.cases() != closing.cases {
            self.problem(ProblemKind::Counts { what: "cases" });
        }
        if self.tally.outcome(version) != closing.outcome {
            self.problem(ProblemKind::Outcome);
        }
    }

    fn finish(mut self, ending: Ending) -> Result<Record, Invalid> {
        if self.lines == 0 {
            self.lines = 1;
            self.problem(ProblemKind::Empty);
        } else if self.problems.is_empty() && self.closing.is_none() && ending == Ending::Demanded {
            self.problem(ProblemKind::NoClosing);
        }
        match self.header {
            Some(header) if self.problems.is_empty() => Ok(Record {
                header,
                clauses: self.clauses,
                cases: self.cases,
                not_run: self.not_run,
                notes: self.notes,
                closing: self.closing,
            }),
            _ => Err(Invalid {
                problems: self.problems,
            }),
        }
    }
}

/// Reads one line, and holds it against its one spelling: unknown, missing and doubled members,
/// spaces and other escapes all show there.
fn spelt(text: &str) -> Result<Line, ProblemKind> {
    let line: Line = serde_json::from_str(text).map_err(|error| ProblemKind::malformed(&error))?;
    let spelling = serde_json::to_string(&line).map_err(|error| ProblemKind::malformed(&error))?;
    if spelling == text {
        Ok(line)
    } else {
        Err(ProblemKind::Respelt)
    }
}

/// Says that a first line is of another format or version before anything is said of members
/// that this version does not know, and else whether its lines carry a chain.
fn kind_of(text: &str) -> Result<bool, ProblemKind> {
    #[derive(serde::Deserialize)]
    struct Kind {
        format: Option<String>,
        version: Option<u64>,
    }
    let kind: Kind = serde_json::from_str(text).map_err(|error| ProblemKind::malformed(&error))?;
    match (kind.format, kind.version) {
        (None, _) => Err(ProblemKind::NoHeader),
        (Some(format), _) if format != FORMAT => Err(ProblemKind::Format(format)),
        (_, Some(version))
            if !(u64::from(OLDEST_VERSION)..=u64::from(VERSION)).contains(&version) =>
        {
            Err(ProblemKind::Version(version))
        }
        (_, version) => Ok(version.is_some_and(|version| version >= u64::from(CHAINED_SINCE))),
    }
}
