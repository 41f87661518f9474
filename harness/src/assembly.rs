//! Owns the putting together of a run: what several runners tell, written down in the order of the
//! plan, as if there had been one. Runs nothing.
//!
//! What the record says therefore does not depend on how many runners there were, nor on which of
//! them was quicker.

use std::collections::{BTreeMap, VecDeque};
use std::io::Write;

use indexmap::IndexMap;
use trueline_reports::journal::{WriteError, Writer};
use trueline_reports::record::{Case, CaseTiming, NotRun, Note, Reason, Verdict};

use crate::captures::{CaptureError, Captures};
use crate::opening::NotBegun;
use crate::plan::{Plan, PlannedClause};
use crate::progress::Progress;
use crate::regressions::Regressions;
use crate::resume::OtherTarget;
use crate::run::Event;

/// After so many clauses in a row in which the bench broke, nothing more is tried. A target that was
/// lost twice in the same way has failed its clause, and did not break the bench.
const GIVEN_UP_AFTER: u32 = 5;

/// What a runner tells of a clause.
pub enum Told {
    /// Something happened.
    Event(Event),
    /// The clause is finished.
    Finished,
}

/// Why a run cannot be written down.
#[derive(Debug, thiserror::Error)]
pub enum AssemblyError {
    /// The record.
    #[error(transparent)]
    Record(#[from] WriteError),
    /// A file with packets.
    #[error(transparent)]
    Capture(#[from] CaptureError),
    /// It belongs to another target.
    #[error(transparent)]
    OtherTarget(#[from] OtherTarget),
    /// It has not begun, and an earlier one's record is kept.
    #[error(transparent)]
    NotBegun(#[from] NotBegun),
}

/// A run that is being put together.
pub struct Assembly<'a, W: Write> {
    plan: &'a Plan<'a>,
    journal: &'a mut Writer<W>,
    regressions: &'a mut Regressions,
    captures: &'a Captures,
    progress: &'a Progress,
    /// The clause that is written now.
    current: usize,
    /// What was told of clauses whose turn has not come.
    waiting: BTreeMap<usize, VecDeque<Told>>,
    /// How many cases of the current clause are written.
    written: usize,
    /// Whether the bench broke in a case of the current clause; `None`: nothing of it ran yet.
    broke: Option<bool>,
    /// The clauses in a row in which it was.
    broken_in_a_row: u32,
    /// What was noted, and how often.
    notes: IndexMap<String, usize>,
    end: Option<Reason>,
}

impl<'a, W: Write> Assembly<'a, W> {
    /// Begins with the plan's first clause.
    pub fn new(
        plan: &'a Plan<'a>,
        journal: &'a mut Writer<W>,
        regressions: &'a mut Regressions,
        captures: &'a Captures,
        progress: &'a Progress,
    ) -> Self {
        let assembly = Self {
            plan,
            journal,
            regressions,
            captures,
            progress,
            current: 0,
            waiting: BTreeMap::new(),
            written: 0,
            broke: None,
            broken_in_a_row: 0,
            notes: IndexMap::new(),
            end: None,
        };
        assembly.begin_clause();
        assembly
    }

    /// Why nothing more needs to be run, if that is so.
    pub fn end(&self) -> Option<Reason> {
        self.end
    }

    /// Takes what a runner tells of the clause with that number.
    ///
    /// # Errors
    /// When something cannot be written.
    pub fn hear(&mut self, clause: usize, told: Told) -> Result<(), AssemblyError> {
        if clause != self.current {
            self.waiting.entry(clause).or_default().push_back(told);
            return Ok(());
        }
        self.take(told)?;
        while let Some(told) = self.next_waiting() {
            self.take(told)?;
        }
        Ok(())
    }

    fn next_waiting(&mut self) -> Option<Told> {
        let waiting = self.waiting.get_mut(&self.current)?;
        let told = waiting.pop_front();
        if waiting.is_empty() {
            self.waiting.remove(&self.current);
        }
        told
    }

    /// Writes what nobody has told of: why it was not run.
    ///
    /// # Errors
    /// When something cannot be written.
    pub fn finish(mut self, because: Reason) -> Result<(), AssemblyError> {
        let because = self.end.unwrap_or(because);
        while self.current < self.plan.clauses.len() {
            self.rest_not_run(because)?;
            self.current += 1;
            self.written = 0;
        }
        for (says, count) in std::mem::take(&mut self.notes) {
            if count > 1 {
                self.write_note(format!("{count} times in all: {says}"))?;
            }
        }
        Ok(())
    }

    fn take(&mut self, told: Told) -> Result<(), AssemblyError> {
        let event = match told {
            Told::Event(event) => event,
            Told::Finished => {
                // A clause is finished as it was told, unless the run was at its end before.
                if let Some(end) = self.end {
                    self.rest_not_run(end)?;
                }
                self.count_clause()?;
                self.current += 1;
                self.written = 0;
                self.begin_clause();
                return Ok(());
            }
        };
        if self.end.is_some() {
            return Ok(());
        }
        match event {
            Event::Note(says) => self.note(says)?,
            Event::NotRun { from, because } => {
                debug_assert_eq!(from, self.written);
                self.rest_not_run(because)?;
            }
            Event::End(reason) => self.end = Some(reason),
            Event::Case {
                index,
                verdict,
                timing,
                capture,
                refuted_by,
                broke,
            } => {
                let Some(planned) = self.planned() else {
                    return Ok(());
                };
                let id = planned.cases[index].id.clone();
                if let Some(inputs) = refuted_by {
                    self.regressions.add(planned.clause, &inputs);
                    // A run that is killed leaves them, too. What cannot be kept now is tried again when
                    // the run ends, and told then.
                    let _ = self.regressions.save();
                }
                let kept = self.captures.keep(&id, &verdict, capture.as_ref())?;
                let (capture, capture_sha256) = kept.map(|kept| (kept.file, kept.sha256)).unzip();
                self.progress.case(planned, &verdict);
                // What does not apply says nothing of the bench.
                if !matches!(verdict, Verdict::NotApplicable { .. }) {
                    self.broke = Some(broke || self.broke == Some(true));
                }
                self.journal.case(&Case {
                    id,
                    verdict,
                    capture,
                    timing: CaseTiming {
                        capture_sha256,
                        ..timing
                    },
                })?;
                self.written = index + 1;
            }
        }
        Ok(())
    }

    /// Counts a finished clause, and gives the run up where one after the other came to nothing.
    fn count_clause(&mut self) -> Result<(), AssemblyError> {
        self.broken_in_a_row = match self.broke.take() {
            Some(true) => self.broken_in_a_row + 1,
            Some(false) => 0,
            None => return Ok(()),
        };
        if self.broken_in_a_row >= GIVEN_UP_AFTER && self.end.is_none() {
            self.note(format!(
                "The target was lost, or the bench broke, in {GIVEN_UP_AFTER} clauses in a row; \
                 nothing more was tried."
            ))?;
            self.end = Some(Reason::GivenUp);
        }
        Ok(())
    }

    fn planned(&self) -> Option<&'a PlannedClause<'a>> {
        self.plan.clauses.get(self.current)
    }

    fn begin_clause(&self) {
        if let Some(planned) = self.planned() {
            self.progress.clause(&planned.clause.id);
        }
    }

    fn rest_not_run(&mut self, because: Reason) -> Result<(), AssemblyError> {
        let Some(planned) = self.planned() else {
            return Ok(());
        };
        let rest = &planned.cases[self.written..];
        self.written = planned.cases.len();
        if rest.is_empty() {
            return Ok(());
        }
        self.progress.skipped(rest.len());
        let cases = rest.iter().map(|case| case.id.clone()).collect();
        Ok(self.journal.not_run(&NotRun { cases, because })?)
    }

    /// Notes what happened to the bench, the first time; how often it did is noted at the end.
    fn note(&mut self, says: String) -> Result<(), AssemblyError> {
        let count = self.notes.entry(says.clone()).or_default();
        *count += 1;
        match count {
            1 => self.write_note(says),
            _ => Ok(()),
        }
    }

    fn write_note(&mut self, says: String) -> Result<(), AssemblyError> {
        self.progress.note(&says);
        Ok(self.journal.note(&Note { says })?)
    }
}
