//! Owns who was judged how: it takes the lines of a record in, refuses what contradicts the
//! plan, and says what each clause and the run came to. Writer, reader and summary all count
//! with it, so that they cannot differ. Does not know how lines are spelt.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use thiserror::Error;

use crate::case_id::{self, Ordinal};
use crate::digest::plan_digest;
use crate::record::{
    Case, Clause, Counts, Level, NotRun, OLDEST_VERSION, Outcome, Plan, Reason, Verdict,
};
use crate::units::counted;
use crate::visible::quoted;

/// What a clause came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClauseVerdict {
    /// Every case passed.
    Pass,
    /// A capability is missing.
    NotApplicable,
    /// A case was not run, for another reason than that the clause was refuted already.
    NotRun,
    /// Nobody can say of a case what the target does.
    Inconclusive,
    /// A case failed, and passed when it was run again.
    Flaky,
    /// A case failed.
    Fail,
}

impl ClauseVerdict {
    /// Every verdict, in the order in which reports name them.
    pub const ALL: [ClauseVerdict; 6] = [
        ClauseVerdict::Pass,
        ClauseVerdict::Fail,
        ClauseVerdict::Flaky,
        ClauseVerdict::NotApplicable,
        ClauseVerdict::Inconclusive,
        ClauseVerdict::NotRun,
    ];

    /// The word for it in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            ClauseVerdict::Pass => "pass",
            ClauseVerdict::Fail => "fail",
            ClauseVerdict::Flaky => "flaky",
            ClauseVerdict::NotApplicable => "not applicable",
            ClauseVerdict::Inconclusive => "inconclusive",
            ClauseVerdict::NotRun => "not run",
        }
    }

    /// Whether the clause counts: whether it is in the denominator.
    #[must_use]
    pub fn is_applicable(self) -> bool {
        self != ClauseVerdict::NotApplicable
    }

    /// Whether it says something of the target.
    #[must_use]
    pub fn is_judged(self) -> bool {
        matches!(self, ClauseVerdict::Pass | ClauseVerdict::Fail)
    }
}

impl Counts {
    /// Counts one more.
    pub fn add(&mut self, verdict: ClauseVerdict) {
        *match verdict {
            ClauseVerdict::Pass => &mut self.pass,
            ClauseVerdict::Fail => &mut self.fail,
            ClauseVerdict::Flaky => &mut self.flaky,
            ClauseVerdict::NotApplicable => &mut self.not_applicable,
            ClauseVerdict::Inconclusive => &mut self.inconclusive,
            ClauseVerdict::NotRun => &mut self.not_run,
        } += 1;
    }

    /// How many have this verdict.
    #[must_use]
    pub fn of(&self, verdict: ClauseVerdict) -> usize {
        match verdict {
            ClauseVerdict::Pass => self.pass,
            ClauseVerdict::Fail => self.fail,
            ClauseVerdict::Flaky => self.flaky,
            ClauseVerdict::NotApplicable => self.not_applicable,
            ClauseVerdict::Inconclusive => self.inconclusive,
            ClauseVerdict::NotRun => self.not_run,
        }
    }

    /// How many there are.
    #[must_use]
    pub fn all(&self) -> usize {
        ClauseVerdict::ALL
            .iter()
            .map(|verdict| self.of(*verdict))
            .sum()
    }

    /// How many apply and say nothing of the target.
    #[must_use]
    pub fn undecided(&self) -> usize {
        self.all() - self.not_applicable - self.pass - self.fail
    }

    /// How many count: all but the ones that are not applicable.
    #[must_use]
    pub fn applicable(&self) -> usize {
        self.all() - self.not_applicable
    }
}

/// What a line says that cannot be, seen from the lines before it or from the plan.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Contradiction {
    /// A clause is planned twice.
    #[error("the clause {} is planned a second time", quoted(.0))]
    ClauseTwice(String),
    /// A clause has no case.
    #[error("the clause {} is planned without a case, so nothing can judge it", quoted(.0))]
    ClauseWithoutCase(String),
    /// A clause's id cannot be told from a case's.
    #[error("the clause id {} holds a `#`, which case ids are divided at", quoted(.0))]
    ClauseId(String),
    /// A case of no clause.
    #[error("the case {} belongs to no planned clause", quoted(.0))]
    UnknownCase(String),
    /// A case is judged, or left out, twice.
    #[error("the case {} has been named already: every case is judged or left out once", quoted(.0))]
    CaseTwice(String),
    /// A clause has more or fewer cases than were planned.
    #[error("the clause {} has {found} of its {planned} planned cases", quoted(.clause))]
    CaseCount {
        /// The clause.
        clause: String,
        /// How many were planned.
        planned: usize,
        /// How many are there.
        found: usize,
    },
    /// Cases were left out for a failure that is not there.
    #[error("cases of {} were left out as already refuted, but none of its cases failed", quoted(.0))]
    NotRefuted(String),
    /// The plan says another number of clauses.
    #[error("the plan says {}, but names {found}", counted(*planned, "clause"))]
    PlannedClauses {
        /// What the header says.
        planned: usize,
        /// How many there are.
        found: usize,
    },
    /// The plan says another number of cases.
    #[error("the plan says {}, but its clauses have {found} in all", counted(*planned, "case"))]
    PlannedCases {
        /// What the header says.
        planned: usize,
        /// How many there are.
        found: usize,
    },
    /// Other cases than the planned ones.
    #[error("the cases are not the planned ones: their digest is {found}, the plan's {planned}")]
    PlanDigest {
        /// What the header says.
        planned: String,
        /// What the cases come to.
        found: String,
    },
    /// Nothing was planned.
    #[error("nothing was planned: a run without a case says nothing of the target")]
    EmptyPlan,
}

/// What is known of one clause.
#[derive(Debug, Clone)]
struct Progress {
    level: Level,
    /// Whether a failure is a listed deviation that held on the day of the run.
    excusable: bool,
    planned: usize,
    named: BTreeSet<Ordinal>,
    cases: Counts,
    already_refuted: usize,
    interrupted: usize,
}

impl Progress {
    /// Whether it keeps the target from conforming.
    fn refutes(&self) -> bool {
        self.level == Level::Must && self.verdict() == ClauseVerdict::Fail && !self.excusable
    }

    /// Whether it leaves open what the run comes to. Nobody can say of a case that was not run.
    fn leaves_open(&self, version: u32) -> bool {
        match self.verdict() {
            ClauseVerdict::NotRun => true,
            ClauseVerdict::Inconclusive => self.level == Level::Must || version == OLDEST_VERSION,
            // It would be excused.
            ClauseVerdict::Flaky => self.level == Level::Must && !self.excusable,
            ClauseVerdict::Pass | ClauseVerdict::NotApplicable | ClauseVerdict::Fail => false,
        }
    }

    fn verdict(&self) -> ClauseVerdict {
        let settled =
            self.cases.pass + self.cases.not_applicable + self.already_refuted == self.planned;
        if self.cases.fail > 0 {
            ClauseVerdict::Fail
        } else if self.cases.flaky > 0 {
            ClauseVerdict::Flaky
        } else if self.cases.inconclusive > 0 {
            ClauseVerdict::Inconclusive
        } else if !settled {
            ClauseVerdict::NotRun
        } else if self.cases.not_applicable > 0 {
            ClauseVerdict::NotApplicable
        } else {
            ClauseVerdict::Pass
        }
    }
}

/// The clauses of a run with what became of their cases.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    clauses: IndexMap<String, Progress>,
}

impl Tally {
    /// Takes in a planned clause.
    ///
    /// # Errors
    ///
    /// When it was planned already, has no case, or its id cannot stand before a `#`.
    pub fn plan(&mut self, clause: &Clause) -> Result<(), Contradiction> {
        if clause.id.contains('#') {
            return Err(Contradiction::ClauseId(clause.id.clone()));
        }
        if clause.cases == 0 {
            return Err(Contradiction::ClauseWithoutCase(clause.id.clone()));
        }
        let progress = Progress {
            level: clause.level,
            excusable: clause
                .deviation
                .as_ref()
                .is_some_and(|deviation| deviation.holds),
            planned: clause.cases,
            named: BTreeSet::new(),
            cases: Counts::default(),
            already_refuted: 0,
            interrupted: 0,
        };
        match self.clauses.insert(clause.id.clone(), progress) {
            None => Ok(()),
            Some(_) => Err(Contradiction::ClauseTwice(clause.id.clone())),
        }
    }

    /// Takes in a case that was run.
    ///
    /// # Errors
    ///
    /// When it belongs to no planned clause or was named already.
    pub fn case(&mut self, case: &Case) -> Result<(), Contradiction> {
        let progress = self.name(&case.id)?;
        progress.cases.add(match &case.verdict {
            Verdict::Pass => ClauseVerdict::Pass,
            Verdict::Fail { .. } => ClauseVerdict::Fail,
            Verdict::Flaky { .. } => ClauseVerdict::Flaky,
            Verdict::NotApplicable { .. } => ClauseVerdict::NotApplicable,
            Verdict::Inconclusive { .. } => ClauseVerdict::Inconclusive,
        });
        Ok(())
    }

    /// Takes in cases that were not run.
    ///
    /// # Errors
    ///
    /// When one belongs to no planned clause or was named already; then none after it is taken.
    pub fn not_run(&mut self, not_run: &NotRun) -> Result<(), Contradiction> {
        for case in &not_run.cases {
            let progress = self.name(case)?;
            progress.cases.add(ClauseVerdict::NotRun);
            match not_run.because {
                Reason::AlreadyRefuted => progress.already_refuted += 1,
                Reason::BenchLost | Reason::GivenUp | Reason::OtherTarget => {}
                Reason::Interrupted => progress.interrupted += 1,
            }
        }
        Ok(())
    }

    fn name(&mut self, case: &str) -> Result<&mut Progress, Contradiction> {
        let (progress, ordinal) = case_id::parse(case)
            .and_then(|(clause, ordinal)| Some((self.clauses.get_mut(clause)?, ordinal)))
            .ok_or_else(|| Contradiction::UnknownCase(case.to_owned()))?;
        if progress.named.insert(ordinal) {
            Ok(progress)
        } else {
            Err(Contradiction::CaseTwice(case.to_owned()))
        }
    }

    /// Everything in which the lines taken in are not the planned ones, all of them.
    #[must_use]
    pub fn contradictions(&self, plan: &Plan) -> Vec<Contradiction> {
        let mut found = Vec::new();
        if self.clauses.is_empty() {
            found.push(Contradiction::EmptyPlan);
        }
        if self.clauses.len() != plan.clauses {
            found.push(Contradiction::PlannedClauses {
                planned: plan.clauses,
                found: self.clauses.len(),
            });
        }
        let cases = self
            .clauses
            .values()
            .map(|clause| clause.planned)
            .fold(0, usize::saturating_add);
        if cases != plan.cases {
            found.push(Contradiction::PlannedCases {
                planned: plan.cases,
                found: cases,
            });
        }
        for (id, clause) in &self.clauses {
            if clause.named.len() != clause.planned {
                found.push(Contradiction::CaseCount {
                    clause: id.clone(),
                    planned: clause.planned,
                    found: clause.named.len(),
                });
            }
            if clause.already_refuted > 0 && clause.cases.fail == 0 {
                found.push(Contradiction::NotRefuted(id.clone()));
            }
        }
        let digest = plan_digest(
            self.clauses
                .iter()
                .flat_map(|(id, clause)| clause.named.iter().map(move |ordinal| ordinal.of(id))),
        );
        // Missing cases change the digest too: said once, by their clause, is enough.
        if found.is_empty() && digest != plan.digest {
            found.push(Contradiction::PlanDigest {
                planned: plan.digest.clone(),
                found: digest,
            });
        }
        found
    }

    /// What each clause came to, in the order of the plan.
    pub fn verdicts(&self) -> impl Iterator<Item = (&str, ClauseVerdict)> {
        self.clauses
            .iter()
            .map(|(id, clause)| (id.as_str(), clause.verdict()))
    }

    /// The cases of a clause by verdict.
    #[must_use]
    pub fn cases_of(&self, clause: &str) -> Option<Counts> {
        self.clauses.get(clause).map(|clause| clause.cases)
    }

    /// Whether a clause leaves open what a run comes to, in a record of that version.
    #[must_use]
    pub fn leaves_open(&self, clause: &str, version: u32) -> bool {
        let clause = self.clauses.get(clause);
        clause.is_some_and(|clause| clause.leaves_open(version))
    }

    /// All cases by verdict.
    #[must_use]
    pub fn cases(&self) -> Counts {
        let mut all = Counts::default();
        for clause in self.clauses.values() {
            all.pass += clause.cases.pass;
            all.fail += clause.cases.fail;
            all.not_applicable += clause.cases.not_applicable;
            all.inconclusive += clause.cases.inconclusive;
            all.not_run += clause.cases.not_run;
            all.flaky += clause.cases.flaky;
        }
        all
    }

    /// All clauses by verdict.
    #[must_use]
    pub fn clauses(&self) -> Counts {
        let mut all = Counts::default();
        for (_, verdict) in self.verdicts() {
            all.add(verdict);
        }
        all
    }

    /// What the run came to. It follows from the verdicts alone:
    ///
    /// 1. interrupted, when the user stopped it before every case was done;
    /// 2. the bench failed, when a `must` clause is inconclusive or flaky, when a case of any
    ///    clause was not run, or when no clause was judged at all: the bench has to be mended first,
    ///    before the rest means much. In a record of version 1 an inconclusive clause of any level
    ///    came to this;
    /// 3. it does not conform, when a `must` clause failed that is not listed as a deviation
    ///    which held on the day of the run;
    /// 4. it conforms.
    #[must_use]
    pub fn outcome(&self, version: u32) -> Outcome {
        let mut clauses = self.clauses.values();
        if self.clauses.values().any(|clause| clause.interrupted > 0) {
            Outcome::Interrupted
        } else if clauses.any(|clause| clause.leaves_open(version))
            || !self.verdicts().any(|(_, verdict)| verdict.is_judged())
        {
            Outcome::BenchFailed
        } else if self.clauses.values().any(Progress::refutes) {
            Outcome::DoesNotConform
        } else {
            Outcome::Conforms
        }
    }
}
