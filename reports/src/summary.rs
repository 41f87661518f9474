//! Owns what to make of a record: what each clause came to and why, the findings, and the
//! sentences that say what the run came to. Every renderer, and the terminal, says it in these
//! words. Does not know how anything is laid out.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use indexmap::IndexMap;

use crate::journal::Record;
use crate::record::{
    Case, Cause, Clause, Counts, Deviation, Finding, Level, NotRun, Outcome, Reason, Sign, Verdict,
};
use crate::rerun::rerun_command;
use crate::tally::{ClauseVerdict, Tally};
use crate::units::counted;

/// From how many clauses on that show the very same thing one cause is supposed.
pub const SHARED_FROM: usize = 4;

/// What flaky clauses are, in two sentences.
pub const FLAKY: &str = "Each failed once and passed when it was run again, so that nobody can say \
                         what the target does. Is the bench busy, or the target?";
/// How many clauses without a verdict are named beside the outcome.
const NAMED_UNDECIDED: usize = 5;

/// A record, made sense of.
#[derive(Debug, Clone)]
pub struct Summary<'r> {
    /// The record.
    pub record: &'r Record,
    /// What the run came to; `None` when the record breaks off.
    pub outcome: Option<Outcome>,
    /// Every planned clause, in the order of the plan.
    pub clauses: Vec<ClauseResult<'r>>,
    tally: Tally,
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
    /// The first flaky case, with what it showed when it failed and what became of it then.
    pub flaky: Option<(&'r Case, &'r Finding, &'r str)>,
    /// The capabilities that are missing for it.
    pub missing: BTreeSet<&'r str>,
    /// Why nobody can say what the target does, in the first case that says so.
    pub undecided: Option<(&'r str, Cause)>,
    /// Why cases of it were not run, when that is not because it was refuted already.
    pub left_out: Option<Reason>,
    /// How long its cases took, in microseconds.
    pub micros: u64,
}

/// What keeps a clause from a verdict, in the order in which it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Open {
    Bench,
    Pack,
    Judge,
    Flaky,
}

impl Open {
    /// That it keeps so many clauses from one.
    fn words(self, count: usize) -> String {
        let are = if count == 1 { "is" } else { "are" };
        match self {
            Open::Bench => format!("the bench failed in {count}"),
            Open::Pack => format!("the pack is wrong in {count}"),
            Open::Judge => format!("{count} {are} beyond the judge's limits"),
            Open::Flaky => format!("{count} {are} flaky"),
        }
    }
}

/// How a clause that is listed as a deviation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It fails, as listed.
    Excused,
    /// It fails, and its entry does not hold any more.
    Expired,
    /// It passes, so that nothing of the entry is left.
    Stale,
}

impl Standing {
    /// How it stands, beside the entry that lists it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Standing::Excused => "fails as listed",
            Standing::Expired => "fails, and the entry has expired",
            Standing::Stale => "passes: remove it from the list",
        }
    }
}

impl<'r> ClauseResult<'r> {
    /// Whether it keeps the target from conforming.
    #[must_use]
    pub fn refutes(&self) -> bool {
        self.is_failure_of_the_target() && self.clause.level == Level::Must
    }

    /// Whether it fails, is about the target, and is no known deviation.
    #[must_use]
    pub fn is_failure_of_the_target(&self) -> bool {
        self.verdict == ClauseVerdict::Fail
            && !self.is_excused()
            && !self.clause.is_of_the_document()
    }

    /// The case that reports show, with its finding: the failing one, or else the flaky one.
    #[must_use]
    pub fn shown(&self) -> Option<(&'r Case, &'r Finding)> {
        match (self.failing, self.flaky) {
            (None, Some((case, finding, _))) => Some((case, finding)),
            (failing, _) => failing,
        }
    }

    /// The finding of its first failing case.
    fn finding(&self) -> Option<&'r Finding> {
        self.failing.map(|(_, finding)| finding)
    }

    /// What keeps it from a verdict, if anything does.
    fn open_for(&self) -> Option<Open> {
        match (self.verdict, self.undecided) {
            (ClauseVerdict::Flaky, _) => Some(Open::Flaky),
            (ClauseVerdict::Inconclusive, Some((_, Cause::Judge))) => Some(Open::Judge),
            (ClauseVerdict::Inconclusive, Some((_, Cause::Pack))) => Some(Open::Pack),
            (ClauseVerdict::Inconclusive | ClauseVerdict::NotRun, _) => Some(Open::Bench),
            (ClauseVerdict::Pass | ClauseVerdict::Fail | ClauseVerdict::NotApplicable, _) => None,
        }
    }

    /// Whether it applies and says nothing of the target.
    #[must_use]
    pub fn is_undecided(&self) -> bool {
        self.verdict.is_applicable() && !self.verdict.is_judged()
    }

    /// Whether it fails as listed.
    #[must_use]
    pub fn is_excused(&self) -> bool {
        matches!(self.standing(), Some((Standing::Excused, _)))
    }

    /// How it stands as a listed deviation; `None` when it is not listed or was not judged.
    #[must_use]
    pub fn standing(&self) -> Option<(Standing, &'r Deviation)> {
        let deviation = self.clause.deviation.as_ref()?;
        let standing = match self.verdict {
            ClauseVerdict::Fail if deviation.holds => Standing::Excused,
            ClauseVerdict::Fail => Standing::Expired,
            ClauseVerdict::Pass => Standing::Stale,
            _ => return None,
        };
        Some((standing, deviation))
    }

    /// The same in a sentence, without its stop.
    #[must_use]
    pub fn standing_words(&self) -> Option<String> {
        let (standing, deviation) = self.standing()?;
        Some(match standing {
            Standing::Excused => format!(
                "a known deviation until {}: {}",
                deviation.expires,
                unstopped(&deviation.reason)
            ),
            Standing::Expired => format!(
                "listed as a deviation until {}, which is past, so the failure counts",
                deviation.expires
            ),
            Standing::Stale => "listed as a deviation, and passes: remove it".to_owned(),
        })
    }

    /// What came of it in words, for a clause about a misprinted program.
    #[must_use]
    pub fn erratum_words(&self) -> &'static str {
        match self.verdict {
            ClauseVerdict::Pass => "does as expected",
            ClauseVerdict::Fail => "does otherwise than expected",
            verdict => verdict.word(),
        }
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
            ClauseVerdict::Inconclusive => self.undecided.map(|(because, _)| because.to_owned()),
            ClauseVerdict::Flaky => self.flaky.map(|(_, _, because)| because.to_owned()),
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
    /// Failures that must be supposed to have one cause.
    pub shared: Vec<SharedCause<'s>>,
    /// The others, `must` first.
    pub single: Vec<&'s ClauseResult<'s>>,
    /// What failed and passed when it was run again, `must` first: findings of nobody.
    pub flaky: Vec<&'s ClauseResult<'s>>,
}

/// Why one cause is supposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shared {
    /// Each of several clauses failed with the very same observation.
    Observation,
    /// The target has nothing left of something, or does not give back what it should.
    Exhaustion,
    /// They fail only after other cases.
    Sequence,
}

/// Several clauses that failed for what must be one cause.
#[derive(Debug, Clone)]
pub struct SharedCause<'s> {
    /// Why it must be one.
    pub shared: Shared,
    /// What was observed in each of them, or where that differs in the first.
    pub observed: &'s str,
    /// The clauses, `must` first. Those that are about giving back what a target has few of stand
    /// before what they explain.
    pub results: Vec<&'s ClauseResult<'s>>,
}

impl SharedCause<'_> {
    /// What they have in common, as a heading.
    #[must_use]
    pub fn title(&self) -> String {
        let count = self.results.len();
        match self.shared {
            Shared::Observation => format!("{count} clauses show the same"),
            Shared::Exhaustion if self.results.iter().any(|it| it.clause.releases) => {
                format!("{count} clauses fail as the target gives back too little")
            }
            Shared::Exhaustion => {
                format!("{count} clauses fail as the target runs out of something")
            }
            Shared::Sequence => format!("{count} clauses fail only after other cases"),
        }
    }

    /// What is to be made of it, in a few sentences.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self.shared {
            Shared::Observation => "One cause is likely: mend it first, then run again.",
            Shared::Exhaustion => {
                "The target has nothing left of something, or a peer waited in vain for the end of \
                 its stream. Where a clause about giving something back fails, it stands first. \
                 One cause is likely: mend it first, then run again."
            }
            Shared::Sequence => {
                "These pass alone on a target that has just started, and fail after other cases: \
                 something of an earlier case is left behind, or used up. One cause is likely: \
                 mend it first, then run again."
            }
        }
    }
}

/// An entry of the list of deviations, as far as its clauses were planned.
#[derive(Debug, Clone)]
pub struct ListedDeviation<'s> {
    /// What it says.
    pub deviation: &'s Deviation,
    /// The clauses, in the order of the plan.
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
                    flaky: None,
                    missing: BTreeSet::new(),
                    undecided: None,
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
        for (id, verdict) in tally.verdicts() {
            if let Some(result) = clauses.get_mut(id) {
                result.verdict = verdict;
                result.cases = tally.cases_of(id).unwrap_or_default();
            }
        }
        Summary {
            record,
            outcome: record
                .closing
                .as_ref()
                .map(|_| tally.outcome(record.header.version)),
            clauses: clauses.into_values().collect(),
            tally,
        }
    }

    /// Whether the notes are what the outcome rests on: the target never opened, so that there is
    /// nothing else to be told. They stand first then.
    #[must_use]
    pub fn rests_on_notes(&self) -> bool {
        !self.record.notes.is_empty() && self.record.header.target.identity.is_none()
    }

    /// The clauses of a level that are about the target, by verdict.
    #[must_use]
    pub fn level(&self, level: Level) -> Counts {
        self.count(|result| result.clause.level == level && !result.clause.is_of_the_document())
    }

    /// All clauses that are about the target, by verdict.
    #[must_use]
    pub fn of_the_target(&self) -> Counts {
        self.count(|result| !result.clause.is_of_the_document())
    }

    /// All clauses by verdict, those about the document's misprints too.
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
            Some(Outcome::Conforms) if self.excused(Level::Must) > 0 => {
                "Conforms but for known deviations"
            }
            Some(Outcome::Conforms) => "Conforms",
            Some(Outcome::DoesNotConform) => "Does not conform",
            Some(Outcome::BenchFailed) if self.is_of_the_bench() => "The bench failed",
            Some(Outcome::BenchFailed) => "No verdict",
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
        let open = all.undecided();
        match self.outcome {
            Some(Outcome::Conforms) if must.fail > 0 => {
                let fail = match must.fail {
                    1 => "the one that fails is listed".to_owned(),
                    count => format!("the {count} that fail are listed"),
                };
                let clauses = counted(must.applicable(), "applicable must clause");
                format!("{} of {clauses} pass, and {fail}", must.pass)
            }
            Some(Outcome::Conforms) => match must.applicable() {
                0 => "no must clause applies, so none fails".to_owned(),
                1 => "the one applicable must clause passes".to_owned(),
                count => format!("all {count} applicable must clauses pass"),
            },
            Some(Outcome::DoesNotConform) => self.fail_of(Level::Must),
            Some(Outcome::BenchFailed) if all.applicable() == 0 => {
                "no clause applies, so nothing was judged".to_owned()
            }
            Some(Outcome::BenchFailed) => format!(
                "{open} of {} could not be judged, which says nothing of the target{}",
                applicable(all.applicable()),
                self.causes()
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
                counted(self.record.header.plan.clauses, "planned clause")
            ),
        }
    }

    /// Whether nothing but the bench keeps the run from an outcome.
    fn is_of_the_bench(&self) -> bool {
        let mut open = self
            .clauses
            .iter()
            .filter(|result| self.leaves_open(result));
        open.all(|result| result.open_for() == Some(Open::Bench))
    }

    /// What kept clauses from a verdict, as the end of a sentence; nothing where it was the bench each
    /// time.
    fn causes(&self) -> String {
        let mut counts: BTreeMap<Open, usize> = BTreeMap::new();
        for open in self.clauses.iter().filter_map(ClauseResult::open_for) {
            *counts.entry(open).or_default() += 1;
        }
        if counts.keys().all(|open| *open == Open::Bench) {
            return String::new();
        }
        let causes: Vec<_> = counts
            .into_iter()
            .map(|(open, count)| open.words(count))
            .collect();
        format!(": {}", causes.join(", "))
    }

    /// What one has to know beside the outcome, a sentence each.
    #[must_use]
    pub fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        let all = self.of_the_target();
        let settled = [Some(Outcome::DoesNotConform), Some(Outcome::Conforms)];
        if self.level(Level::Must).fail > 0 && !settled.contains(&self.outcome) {
            let fail = self.fail_of(Level::Must);
            remarks.push(format!("{fail} as far as the run came."));
        }
        for level in [Level::Should, Level::May] {
            if self.level(level).fail > 0 {
                let fail = self.fail_of(level);
                remarks.push(format!("{fail}, which does not change the outcome."));
            }
        }
        remarks.extend(self.remark_on_undecided());
        remarks.extend(self.remarks_on_deviations());
        remarks.extend(self.remark_on_errata());
        if all.not_applicable > 0 {
            let missing: BTreeSet<&str> = self
                .clauses
                .iter()
                .filter(|result| !result.clause.is_of_the_document())
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
                counted(all.not_applicable, "clause"),
                missing.join(", ")
            ));
        }
        let closing = self.record.closing.as_ref();
        if let Some(line) = closing.and_then(|closing| closing.timing.line) {
            remarks.push(format!(
                "The line of {} baud was busy for {} % of the time in which no program was told \
                 to wait.",
                line.baud,
                line.busy_percent()
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

    /// That nobody can say of some clauses what the target does, where the outcome is known all the
    /// same.
    fn remark_on_undecided(&self) -> Option<String> {
        if !matches!(
            self.outcome,
            Some(Outcome::Conforms | Outcome::DoesNotConform)
        ) {
            return None;
        }
        let undecided = self.clauses.iter().filter(|result| result.is_undecided());
        let ids: Vec<_> = undecided
            .map(|result| {
                let (id, verdict) = (&result.clause.id, result.verdict.word());
                format!("{id} ({}, {verdict})", result.clause.level.word())
            })
            .collect();
        let named = ids
            .iter()
            .take(NAMED_UNDECIDED)
            .cloned()
            .collect::<Vec<_>>();
        let more = match ids.len().saturating_sub(NAMED_UNDECIDED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        (!ids.is_empty()).then(|| {
            format!(
                "{} could not be judged, which does not change the outcome: {}{more}.",
                counted(ids.len(), "clause"),
                named.join(", ")
            )
        })
    }

    fn remarks_on_deviations(&self) -> Vec<String> {
        let (Some(list), Some(day)) = (
            &self.record.header.deviations,
            self.record.header.timing.day,
        ) else {
            return Vec::new();
        };
        let whose = format!("the deviations of {}", list.target);
        let mut remarks = vec![match self.standing(Standing::Excused).count() {
            0 => format!("No clause fails as listed among {whose}, as of {day}."),
            1 => format!("1 clause fails as listed among {whose}, as of {day}."),
            count => format!("{count} clauses fail as listed among {whose}, as of {day}."),
        }];
        match self.standing(Standing::Expired).count() {
            0 => {}
            1 => remarks.push("1 clause fails whose entry among them has expired.".to_owned()),
            count => remarks.push(format!(
                "{count} clauses fail whose entries among them have expired."
            )),
        }
        match self.standing(Standing::Stale).count() {
            0 => {}
            1 => remarks.push("1 clause listed among them passes: remove it.".to_owned()),
            count => remarks.push(format!(
                "{count} clauses listed among them pass: remove them."
            )),
        }
        remarks
    }

    fn remark_on_errata(&self) -> Option<String> {
        let failing = |result: &&&ClauseResult<'_>| result.verdict == ClauseVerdict::Fail;
        let errata = self.errata();
        let is = match errata.len() {
            0 => return None,
            1 => "is about a program",
            _ => "are about programs",
        };
        let does = match errata.iter().filter(failing).count() {
            0 => None,
            1 if errata.len() == 1 => Some("it does".to_owned()),
            1 => Some("1 of them does".to_owned()),
            count => Some(format!("{count} of them do")),
        };
        let otherwise = does.map_or_else(String::new, |does| {
            format!("; {does} otherwise than expected, which is no failure of the target")
        });
        Some(format!(
            "{} {is} that the document prints wrongly, and left out of the count{otherwise}.",
            counted(errata.len(), "clause")
        ))
    }

    /// The clauses that are listed as deviations and stand so, in the order of the plan.
    pub fn standing(&self, standing: Standing) -> impl Iterator<Item = &ClauseResult<'r>> {
        self.clauses
            .iter()
            .filter(move |result| result.standing().is_some_and(|(is, _)| is == standing))
    }

    fn excused(&self, level: Level) -> usize {
        self.standing(Standing::Excused)
            .filter(|result| result.clause.level == level)
            .count()
    }

    /// The entries of the list of deviations with what their clauses came to.
    #[must_use]
    pub fn deviations(&self) -> Vec<ListedDeviation<'_>> {
        let mut listed: Vec<ListedDeviation<'_>> = Vec::new();
        for result in &self.clauses {
            let Some(deviation) = &result.clause.deviation else {
                continue;
            };
            match listed.iter_mut().find(|entry| entry.deviation == deviation) {
                Some(entry) => entry.results.push(result),
                None => listed.push(ListedDeviation {
                    deviation,
                    results: vec![result],
                }),
            }
        }
        listed
    }

    /// What became of the programs that the document prints wrongly, in the order of the plan.
    #[must_use]
    pub fn errata(&self) -> Vec<&ClauseResult<'r>> {
        self.clauses
            .iter()
            .filter(|result| result.clause.is_of_the_document())
            .collect()
    }

    /// The failures of the target that are not known deviations, with those together that must
    /// have one cause.
    #[must_use]
    pub fn findings(&self) -> Findings<'_> {
        let of = |is: &dyn Fn(&ClauseResult<'_>) -> bool| {
            let mut results: Vec<_> = self.clauses.iter().filter(|result| is(result)).collect();
            results.sort_by_key(|result| result.clause.level);
            results
        };
        let failing = of(&|result| result.is_failure_of_the_target());
        let (exhausted, others) = exhausted(failing);
        let (late, others) = late(others);
        let mut by_observation: IndexMap<&str, Vec<&ClauseResult<'_>>> = IndexMap::new();
        for result in others {
            if let Some(finding) = result.finding() {
                by_observation
                    .entry(&finding.observed)
                    .or_default()
                    .push(result);
            }
        }
        let (mut shared, mut single) = (Vec::new(), Vec::new());
        for (observed, results) in by_observation {
            if results.len() >= SHARED_FROM {
                shared.push(SharedCause {
                    shared: Shared::Observation,
                    observed,
                    results,
                });
            } else {
                single.extend(results);
            }
        }
        shared.extend(exhausted);
        shared.extend(late);
        shared.sort_by_key(|cause| std::cmp::Reverse(cause.results.len()));
        let places: HashMap<&str, usize> = self.clauses.iter().map(id).zip(0..).collect();
        single.sort_by_cached_key(|result| (result.clause.level, places.get(id(result))));
        Findings {
            shared,
            single,
            flaky: of(&|result| result.verdict == ClauseVerdict::Flaky),
        }
    }

    fn fail_of(&self, level: Level) -> String {
        let counts = self.level(level);
        let verb = if counts.fail == 1 { "fails" } else { "fail" };
        let clauses = format!("applicable {} clause", level.word());
        let listed = match self.excused(level) {
            0 => String::new(),
            count if count == counts.fail => ", as listed".to_owned(),
            count => format!(", {count} of them as listed"),
        };
        format!(
            "{} of {} {verb}{listed}",
            counts.fail,
            counted(counts.applicable(), &clauses)
        )
    }

    /// Whether nobody can say what the run comes to because of this clause.
    #[must_use]
    pub fn leaves_open(&self, result: &ClauseResult<'_>) -> bool {
        self.tally
            .leaves_open(&result.clause.id, self.record.header.version)
    }

    /// The command that runs a clause again.
    #[must_use]
    pub fn rerun(&self, result: &ClauseResult<'_>) -> Option<String> {
        let failing = result.failing.map(|(case, _)| case);
        rerun_command(&self.record.header, result.clause, failing)
    }
}

fn id<'s>(result: &ClauseResult<'s>) -> &'s str {
    &result.clause.id
}

/// The failures of a target that has nothing left of something, as one cause, with what explains them;
/// and all others.
fn exhausted<'s>(
    failing: Vec<&'s ClauseResult<'s>>,
) -> (Option<SharedCause<'s>>, Vec<&'s ClauseResult<'s>>) {
    let tells = |finding: &Finding| finding.sign.is_some() || finding.after.is_some();
    let keeps_things = failing
        .iter()
        .any(|result| result.clause.releases && result.finding().is_some_and(tells));
    let follows = |finding: &Finding| match finding.sign {
        Some(Sign::OutOfResources) => keeps_things || finding.after.is_some(),
        Some(Sign::NoEndOfStream) => keeps_things,
        None => false,
    };
    let belongs = |result: &&ClauseResult<'_>| {
        keeps_things && result.clause.releases || result.finding().is_some_and(follows)
    };
    let (mut results, others): (Vec<_>, Vec<_>) = failing.into_iter().partition(belongs);
    results.sort_by_key(|result| !result.clause.releases);
    one_cause(Shared::Exhaustion, results, others)
}

/// The failures that come only after other cases, as one cause; and all others.
fn late<'s>(
    failing: Vec<&'s ClauseResult<'s>>,
) -> (Option<SharedCause<'s>>, Vec<&'s ClauseResult<'s>>) {
    let comes_after =
        |result: &&ClauseResult<'_>| result.finding().is_some_and(|it| it.after.is_some());
    let (results, others) = failing.into_iter().partition(comes_after);
    one_cause(Shared::Sequence, results, others)
}

/// These as one cause if they are several, and the others; otherwise all of them as others.
fn one_cause<'s>(
    shared: Shared,
    results: Vec<&'s ClauseResult<'s>>,
    mut others: Vec<&'s ClauseResult<'s>>,
) -> (Option<SharedCause<'s>>, Vec<&'s ClauseResult<'s>>) {
    if results.len() < 2 {
        others.extend(results);
        others.sort_by_key(|result| result.clause.level);
        return (None, others);
    }
    let observed = results
        .iter()
        .find_map(|result| Some(result.finding()?.observed.as_str()));
    let cause = SharedCause {
        shared,
        observed: observed.unwrap_or_default(),
        results,
    };
    (Some(cause), others)
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
        Verdict::Flaky { finding, because } => {
            result.flaky.get_or_insert((case, finding, because));
        }
        Verdict::NotApplicable { missing } => {
            result.missing.extend(missing.iter().map(String::as_str));
        }
        Verdict::Inconclusive { because, cause } => {
            result.undecided.get_or_insert((because, *cause));
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

/// A sentence that another goes on after.
fn unstopped(sentence: &str) -> &str {
    let sentence = sentence.trim_end();
    sentence.strip_suffix('.').unwrap_or(sentence)
}

fn applicable(count: usize) -> String {
    counted(count, "applicable clause")
}
