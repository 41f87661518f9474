//! Owns what to make of a record: what each clause came to and why, the findings, and the
//! sentences that say what the run came to. Every renderer, and the terminal, says it in these
//! words. Does not know how anything is laid out.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use crate::journal::Record;
use crate::record::{Case, Clause, Counts, Finding, Level, NotRun, Outcome, Reason, Verdict};
use crate::rerun::rerun_command;
use crate::tally::{ClauseVerdict, Tally};

/// From how many clauses on that show the very same thing one cause is supposed.
const SHARED_FROM: usize = 4;

/// A record, made sense of.
#[derive(Debug, Clone)]
pub struct Summary<'r> {
    /// The record.
    pub record: &'r Record,
    /// What the run came to; `None` when the record breaks off.
    pub outcome: Option<Outcome>,
    /// Every planned clause, in the order of the plan.
    pub clauses: Vec<ClauseResult<'r>>,
}

/// What a clause came to.
#[derive(Debug, Clone)]
pub struct ClauseResult<'r> {
    /// The clause.
    pub clause: &'r Clause,
    /// What it came to.
    pub verdict: ClauseVerdict,
    /// Its cases by verdict.
    pub cases: Counts,
    /// The first failing case with its finding.
    pub failing: Option<(&'r Case, &'r Finding)>,
    /// The capabilities that are missing for it.
    pub missing: BTreeSet<&'r str>,
    /// How the bench broke in it, first.
    pub broke: Option<&'r str>,
    /// Why cases of it were not run, when that is not because it was refuted already.
    pub left_out: Option<Reason>,
    /// How long its cases took, in microseconds.
    pub micros: u64,
}

impl ClauseResult<'_> {
    /// Whether it keeps the target from conforming.
    #[must_use]
    pub fn refutes(&self) -> bool {
        self.verdict == ClauseVerdict::Fail && self.clause.level == Level::Must
    }

    /// Why it neither passed nor failed, as a clause of a sentence; `None` when it did.
    #[must_use]
    pub fn because(&self) -> Option<String> {
        match self.verdict {
            ClauseVerdict::Pass | ClauseVerdict::Fail => None,
            ClauseVerdict::NotApplicable => {
                let missing: Vec<&str> = self.missing.iter().copied().collect();
                Some(format!(
                    "the target or its bench lacks {}",
                    missing.join(", ")
                ))
            }
            ClauseVerdict::Inconclusive => self.broke.map(str::to_owned),
            ClauseVerdict::NotRun => Some(match self.left_out {
                Some(reason) => reason.because().to_owned(),
                None => "the record breaks off before its last case".to_owned(),
            }),
        }
    }
}

/// The failures of a run.
#[derive(Debug, Clone)]
pub struct Findings<'s> {
    /// Failures that show the very same thing, so that one cause must be supposed.
    pub shared: Vec<SharedCause<'s>>,
    /// The others, `must` first.
    pub single: Vec<&'s ClauseResult<'s>>,
}

/// Several clauses that failed with the very same observation.
#[derive(Debug, Clone)]
pub struct SharedCause<'s> {
    /// What was observed in each of them.
    pub observed: &'s str,
    /// The clauses, `must` first; at least four.
    pub results: Vec<&'s ClauseResult<'s>>,
}

impl<'r> Summary<'r> {
    /// Makes sense of a record.
    #[must_use]
    pub fn of(record: &'r Record) -> Summary<'r> {
        let mut tally = Tally::default();
        let mut clauses: IndexMap<&str, ClauseResult<'r>> = IndexMap::new();
        for clause in &record.clauses {
            // The reader has refused what the tally refuses.
            let _ = tally.plan(clause);
            clauses.insert(
                &clause.id,
                ClauseResult {
                    clause,
                    verdict: ClauseVerdict::NotRun,
                    cases: Counts::default(),
                    failing: None,
                    missing: BTreeSet::new(),
                    broke: None,
                    left_out: None,
                    micros: 0,
                },
            );
        }
        for case in &record.cases {
            let _ = tally.case(case);
            if let Some(result) = clauses.get_mut(clause_of(&case.id)) {
                take_case(result, case);
            }
        }
        for not_run in &record.not_run {
            let _ = tally.not_run(not_run);
            take_not_run(&mut clauses, not_run);
        }
        for (id, _, verdict) in tally.verdicts() {
            if let Some(result) = clauses.get_mut(id) {
                result.verdict = verdict;
                result.cases = tally.cases_of(id).unwrap_or_default();
            }
        }
        Summary {
            record,
            outcome: record.closing.as_ref().map(|_| tally.outcome()),
            clauses: clauses.into_values().collect(),
        }
    }

    /// The clauses of a level by verdict.
    #[must_use]
    pub fn level(&self, level: Level) -> Counts {
        self.count(|result| result.clause.level == level)
    }

    /// All clauses by verdict.
    #[must_use]
    pub fn all(&self) -> Counts {
        self.count(|_| true)
    }

    fn count(&self, is: impl Fn(&ClauseResult<'_>) -> bool) -> Counts {
        let mut counts = Counts::default();
        self.clauses
            .iter()
            .filter(|result| is(result))
            .for_each(|result| counts.add(result.verdict));
        counts
    }

    /// The outcome in two or three words.
    #[must_use]
    pub fn outcome_words(&self) -> &'static str {
        match self.outcome {
            Some(Outcome::Conforms) => "Conforms",
            Some(Outcome::DoesNotConform) => "Does not conform",
            Some(Outcome::BenchFailed) => "The bench failed",
            Some(Outcome::Interrupted) => "Interrupted",
            None => "Unfinished",
        }
    }

    /// The outcome in a sentence. What is not applicable is in no denominator.
    #[must_use]
    pub fn sentence(&self) -> String {
        format!("{}: {}.", self.outcome_words(), self.reason())
    }

    /// What the outcome rests on: the part of the sentence below the colon.
    #[must_use]
    pub fn reason(&self) -> String {
        let must = self.level(Level::Must);
        let all = self.all();
        let open = all.inconclusive + all.not_run;
        match self.outcome {
            Some(Outcome::Conforms) => match must.applicable() {
                0 => "no must clause applies, so none fails".to_owned(),
                1 => "the one applicable must clause passes".to_owned(),
                count => format!("all {count} applicable must clauses pass"),
            },
            Some(Outcome::DoesNotConform) => fail_of("must", must),
            Some(Outcome::BenchFailed) if all.applicable() == 0 => {
                "no clause applies, so nothing was judged".to_owned()
            }
            Some(Outcome::BenchFailed) => format!(
                "{open} of {} could not be judged, which says nothing of the target",
                applicable(all.applicable())
            ),
            Some(Outcome::Interrupted) => {
                format!(
                    "{open} of {} were not judged to the end",
                    applicable(all.applicable())
                )
            }
            None => format!(
                "the record breaks off, so it says nothing of the target; judged so far: {} of {}",
                all.all() - open,
                plural(self.record.header.plan.clauses, "planned clause")
            ),
        }
    }

    /// What one has to know beside the outcome, a sentence each.
    #[must_use]
    pub fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        let all = self.all();
        let must = self.level(Level::Must);
        if must.fail > 0 && self.outcome != Some(Outcome::DoesNotConform) {
            remarks.push(format!("{} as far as the run came.", fail_of("must", must)));
        }
        for level in [Level::Should, Level::May] {
            let counts = self.level(level);
            if counts.fail > 0 {
                let fail = fail_of(level.word(), counts);
                remarks.push(format!("{fail}, which does not change the outcome."));
            }
        }
        if all.not_applicable > 0 {
            let missing: BTreeSet<&str> = self
                .clauses
                .iter()
                .flat_map(|result| result.missing.iter().copied())
                .collect();
            let missing: Vec<&str> = missing.into_iter().collect();
            let (are, they) = if all.not_applicable == 1 {
                ("is", "it is")
            } else {
                ("are", "they are")
            };
            remarks.push(format!(
                "{} {are} not applicable for want of {}; {they} left out of the count.",
                plural(all.not_applicable, "clause"),
                missing.join(", ")
            ));
        }
        let only = &self.record.header.plan.only;
        if !only.is_empty() {
            remarks.push(format!(
                "Only clauses that match {} were selected; this says nothing of the others.",
                only.join(" or ")
            ));
        }
        remarks
    }

    /// The failures, with those together that must have one cause.
    #[must_use]
    pub fn findings(&self) -> Findings<'_> {
        let mut failing: Vec<&ClauseResult<'_>> = self
            .clauses
            .iter()
            .filter(|result| result.failing.is_some())
            .collect();
        failing.sort_by_key(|result| result.clause.level);
        let mut by_observation: IndexMap<&str, Vec<&ClauseResult<'_>>> = IndexMap::new();
        for result in failing {
            if let Some((_, finding)) = result.failing {
                by_observation
                    .entry(&finding.observed)
                    .or_default()
                    .push(result);
            }
        }
        let (mut shared, mut single) = (Vec::new(), Vec::new());
        for (observed, results) in by_observation {
            if results.len() >= SHARED_FROM {
                shared.push(SharedCause { observed, results });
            } else {
                single.extend(results);
            }
        }
        shared.sort_by_key(|cause| std::cmp::Reverse(cause.results.len()));
        let place = |result: &ClauseResult<'_>| {
            self.clauses
                .iter()
                .position(|other| std::ptr::eq(other, result))
        };
        single.sort_by_cached_key(|result| (result.clause.level, place(result)));
        Findings { shared, single }
    }

    /// The command that runs a clause again.
    #[must_use]
    pub fn rerun(&self, result: &ClauseResult<'_>) -> Option<String> {
        rerun_command(&self.record.header, result.clause)
    }
}

fn clause_of(case: &str) -> &str {
    case.split_once('#').map_or(case, |(clause, _)| clause)
}

fn take_case<'r>(result: &mut ClauseResult<'r>, case: &'r Case) {
    result.micros = result.micros.saturating_add(case.timing.micros);
    match &case.verdict {
        Verdict::Pass => {}
        Verdict::Fail { finding } => {
            result.failing.get_or_insert((case, finding));
        }
        Verdict::NotApplicable { missing } => {
            result.missing.extend(missing.iter().map(String::as_str));
        }
        Verdict::Inconclusive { because } => {
            result.broke.get_or_insert(because);
        }
    }
}

fn take_not_run(clauses: &mut IndexMap<&str, ClauseResult<'_>>, not_run: &NotRun) {
    if not_run.because == Reason::AlreadyRefuted {
        return;
    }
    for case in &not_run.cases {
        if let Some(result) = clauses.get_mut(clause_of(case)) {
            result.left_out.get_or_insert(not_run.because);
        }
    }
}

fn fail_of(level: &str, counts: Counts) -> String {
    let verb = if counts.fail == 1 { "fails" } else { "fail" };
    format!(
        "{} of {} {verb}",
        counts.fail,
        plural(counts.applicable(), &format!("applicable {level} clause"))
    )
}

fn applicable(count: usize) -> String {
    plural(count, "applicable clause")
}

fn plural(count: usize, what: &str) -> String {
    if count == 1 {
        format!("{count} {what}")
    } else {
        format!("{count} {what}s")
    }
}
