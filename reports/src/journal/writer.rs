//! Owns the writing of a record: line by line as the run goes, so that a killed run leaves a
//! readable one. Refuses to write what the reader would refuse to read.

use std::io::{self, Write};

use thiserror::Error;

use super::Invalid;
use super::chain;
use super::heading;
use super::problem::{Problem, ProblemKind};
use crate::day::Day;
use crate::digest::LinesDigest;
use crate::record::{
    CHAINED_SINCE, Case, Clause, Closing, ClosingTiming, Header, Line, LineUse, NotRun, Note,
    Outcome, Plan,
};
use crate::tally::Tally;

/// Why a line could not be written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The file would not take it.
    #[error("the record cannot be written: {0}; is there space, and may the folder be written?")]
    Io(#[from] io::Error),
    /// The record would be invalid.
    #[error("the record would be invalid, {0}")]
    Invalid(#[from] Invalid),
}

/// Writes a record. Lines are handed on whole. Those of planned clauses, and of cases that were not run,
/// wait for each other, since each handing over can take long; what was run and what happened is
/// handed on and flushed at once.
#[derive(Debug)]
pub struct Writer<W: Write> {
    out: W,
    /// Lines that are not handed on yet.
    waiting: String,
    plan: Plan,
    version: u32,
    day: Option<Day>,
    tally: Tally,
    digest: LinesDigest,
    is_chained: bool,
    lines: usize,
    cases_begun: bool,
}

impl<W: Write> Writer<W> {
    /// Writes the header.
    ///
    /// # Errors
    ///
    /// When it cannot be written, or the header is none that this version reads.
    pub fn new(out: W, header: &Header) -> Result<Writer<W>, WriteError> {
        let mut writer = Writer {
            out,
            waiting: String::new(),
            plan: header.plan.clone(),
            version: header.version,
            day: header.timing.day,
            tally: Tally::default(),
            digest: LinesDigest::default(),
            is_chained: header.version >= CHAINED_SINCE,
            lines: 0,
            cases_begun: false,
        };
        writer.refuse(heading::header_problem(header))?;
        writer.write(&Line::Header(Box::new(header.clone())))?;
        Ok(writer)
    }

    /// Writes a planned clause; all of them come before the first case.
    ///
    /// # Errors
    ///
    /// When it cannot be written, comes too late, or contradicts the lines before it.
    pub fn clause(&mut self, clause: &Clause) -> Result<(), WriteError> {
        self.refuse(self.cases_begun.then_some(ProblemKind::LateClause))?;
        self.refuse(heading::clause_problem(self.day, clause))?;
        let taken = self.tally.plan(clause);
        self.refuse(taken.err().map(Into::into))?;
        self.write(&Line::Clause(clause.clone()))
    }

    /// Writes a case that was run.
    ///
    /// # Errors
    ///
    /// When it cannot be written, was not planned, or was named already.
    pub fn case(&mut self, case: &Case) -> Result<(), WriteError> {
        self.cases_begun = true;
        let taken = self.tally.case(case);
        self.refuse(taken.err().map(Into::into))?;
        self.write(&Line::Case(case.clone()))
    }

    /// Writes that planned cases were not run.
    ///
    /// # Errors
    ///
    /// When it cannot be written, or one of them was not planned or was named already.
    pub fn not_run(&mut self, not_run: &NotRun) -> Result<(), WriteError> {
        self.cases_begun = true;
        let taken = self.tally.not_run(not_run);
        self.refuse(taken.err().map(Into::into))?;
        self.write(&Line::NotRun(not_run.clone()))
    }

    /// Writes what happened to the bench.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn note(&mut self, note: &Note) -> Result<(), WriteError> {
        self.write(&Line::Note(note.clone()))
    }

    /// What the run comes to by the lines so far. Cases that are neither run nor named as not
    /// run count as not judged.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.tally.outcome(self.version)
    }

    /// Writes the closing line; counts and outcome follow from the lines before it.
    ///
    /// # Errors
    ///
    /// When it cannot be written, or when the lines are not the planned ones: then the record
    /// stays without a closing line.
    pub fn close(mut self, millis: u64, line: Option<LineUse>) -> Result<Closing, WriteError> {
        let contradictions = self.tally.contradictions(&self.plan);
        self.refuse(contradictions.into_iter().map(Into::into))?;
        let closing = Closing {
            outcome: self.tally.outcome(self.version),
            clauses: self.tally.clauses(),
            cases: self.tally.cases(),
            digest: self.digest.so_far(),
            timing: ClosingTiming { millis, line },
        };
        self.write(&Line::Closing(closing.clone()))?;
        Ok(closing)
    }

    fn refuse(&self, kinds: impl IntoIterator<Item = ProblemKind>) -> Result<(), Invalid> {
        let line = self.lines + 1;
        let problems: Vec<_> = kinds
            .into_iter()
            .map(|kind| Problem { line, kind })
            .collect();
        if problems.is_empty() {
            Ok(())
        } else {
            Err(Invalid { problems })
        }
    }

    fn write(&mut self, line: &Line) -> Result<(), WriteError> {
        let mut text = serde_json::to_string(line).map_err(io::Error::from)?;
        self.digest.line(&text);
        // The closing line carries the whole digest.
        if self.is_chained && !matches!(line, Line::Closing(_)) {
            text = chain::insert(&text, &chain::value(&self.digest));
        }
        self.waiting.push_str(&text);
        self.waiting.push('\n');
        self.lines += 1;
        let waits = match line {
            // The header stands before them.
            Line::Clause(_) => self.lines <= self.plan.clauses,
            Line::NotRun(_) => true,
            Line::Header(_) | Line::Case(_) | Line::Note(_) | Line::Closing(_) => false,
        };
        match waits {
            true => Ok(()),
            false => Ok(self.hand_on()?),
        }
    }

    fn hand_on(&mut self) -> io::Result<()> {
        // What could not be handed on is not tried again.
        let waiting = std::mem::take(&mut self.waiting);
        self.out.write_all(waiting.as_bytes())?;
        self.out.flush()
    }
}

impl<W: Write> Drop for Writer<W> {
    fn drop(&mut self) {
        // Whoever wants to know of an error closes the record.
        let _ = self.hand_on();
    }
}
