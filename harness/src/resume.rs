//! Owns the taking up of a run that did not come to its end: what its record keeps, what is left of
//! its plan, and the record as it stands before anything more is run. Runs nothing.
//!
//! Cases with a verdict are kept. What the bench spoiled is run again, and what was not run for
//! another reason than that its clause is refuted.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::File;
use std::mem;

use trueline_adapters::session::TargetInfo;
use trueline_adapters::target::Target;
use trueline_reports::counted;
use trueline_reports::journal::{Record, WriteError, Writer};
use trueline_reports::record::{
    self, CHAINED_SINCE, Case, Given, Header, Identity, NotRun, Note, Reason, Verdict,
};
use trueline_reports::visible::quoted;
use trueline_spec::literal;
use trueline_spec::pack::Pack;

use crate::heading;
use crate::judge::Bindings;
use crate::out_folder::OutFolder;
use crate::plan::{Listed, Plan, PlannedClause, PlannedInputs};
use crate::regressions::Regressions;

/// A run that is taken up again.
#[derive(Debug)]
pub struct Resumed {
    header: Header,
    clauses: Vec<record::Clause>,
    kept: Vec<Kept>,
    notes: Vec<Note>,
}

/// A line that is kept, in the order of the plan.
#[derive(Debug)]
enum Kept {
    Case(Case),
    Refuted(NotRun),
}

/// Why a run is not taken up.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// It has not begun.
    #[error(
        "the record breaks off above its first case, so there is nothing to go on from; run it \
         anew, without --resume"
    )]
    NotBegun,
    /// Nothing protects it.
    #[error(
        "the record was begun by an earlier version, whose lines carry nothing that shows whether one \
         of them was changed; run it anew, without --resume"
    )]
    Unprotected,
    /// It was begun with another version.
    #[error(
        "the run was begun by {begun}, and this is {here}, which may draw other inputs; resume it \
         with that one, or run it anew, without --resume"
    )]
    OtherTool {
        /// What began it.
        begun: String,
        /// What this is.
        here: &'static str,
    },
    /// It was begun with another pack, or the pack has changed.
    #[error(
        "the run was begun with the pack `{begun}`, and this is `{here}`; give that one with --pack, \
         as it was, or run it anew, without --resume"
    )]
    OtherPack {
        /// Name, version and digest of the one in the record.
        begun: String,
        /// The same of the one that was given.
        here: String,
    },
    /// The inputs that failed before are not there any more.
    #[error(
        "the run was begun with {begun} inputs for {clause} in regressions.yaml, and now there are \
         {here}; bring them back, or run it anew, without --resume"
    )]
    Regressions {
        /// The clause.
        clause: String,
        /// How many of its planned cases were inputs that failed before.
        begun: usize,
        /// How many there are.
        here: usize,
    },
    /// They are others.
    #[error(
        "the inputs in regressions.yaml that the run was begun with were others; bring them back, or run \
         it anew, without --resume"
    )]
    OtherInputs,
    /// The record's plan does not follow from its header.
    #[error(
        "the record names other clauses or cases than the ones that its pack and its selection \
         give; it was changed: run it anew, without --resume"
    )]
    OtherPlan,
    /// Nothing is left to do.
    #[error(
        "the run in the record came to its end, and nothing is left to run; run it anew, without \
         --resume"
    )]
    Finished,
}

/// The target is not the one that the run was begun on.
#[derive(Debug, thiserror::Error)]
#[error(
    "this is not the target that the run was begun on: {}; bring that one back, or run it anew, \
     without --resume",
    differences.join(", ")
)]
pub struct OtherTarget {
    differences: Vec<String>,
}

impl OtherTarget {
    /// What keeps the target from being the one that is on record, if anything does.
    #[must_use]
    pub fn between(begun: &Identity, target: &TargetInfo) -> Option<Self> {
        let here = heading::identity(target);
        let differences: Vec<_> = said(begun)
            .into_iter()
            .zip(said(&here))
            .filter(|(begun, here)| begun != here)
            .map(|((what, begun), (_, here))| {
                format!("its {what} was {} and is {}", quoted(&begun), quoted(&here))
            })
            .collect();
        (!differences.is_empty()).then_some(Self { differences })
    }
}

fn said(identity: &Identity) -> [(&'static str, String); 8] {
    let identity = identity.clone();
    [
        ("implementation", identity.implementation),
        ("version", identity.version),
        ("platform", identity.platform),
        ("board", identity.machine),
        ("build", identity.build),
        ("list of modules", identity.modules.join(", ")),
        ("way to take programs", identity.submission),
        ("list of capabilities", identity.capabilities.join(", ")),
    ]
}

impl Resumed {
    /// Takes the run of the record up, whose origin was checked: `plan`, which was made from the
    /// record's header, is left with the cases that are still to be run. Inputs that failed in the part that is kept are
    /// added to the regressions; a run that was killed had no time to.
    ///
    /// # Errors
    /// When the plan is not the record's, or nothing of it is left.
    pub fn take_up(
        record: Record,
        plan: &mut Plan<'_>,
        regressions: &mut Regressions,
    ) -> Result<Self, Refused> {
        let header = record.header;
        if record.clauses.len() < header.plan.clauses {
            return Err(Refused::NotBegun);
        }
        if record.clauses.len() != plan.clauses.len() {
            return Err(Refused::OtherPlan);
        }
        plan.deviations = header.deviations.as_ref().zip(header.timing.day).map(
            |(record::Deviations { target }, day)| Listed {
                target: target.clone(),
                day,
            },
        );
        for (planned, clause) in plan.clauses.iter_mut().zip(&record.clauses) {
            planned.deviation = clause.deviation.clone();
            only_first_regressions(planned, clause)?;
            if heading::clause(planned) != *clause {
                return Err(Refused::OtherPlan);
            }
        }
        if plan.digest_of_failed_before() != header.plan.failed_before {
            return Err(Refused::OtherInputs);
        }
        let planned = plan.clauses.iter().flat_map(|clause| &clause.cases);
        let planned: HashSet<_> = planned.map(|case| case.id.as_str()).collect();
        let mut cases = record.cases.iter();
        let are_planned = cases.all(|case| planned.contains(case.id.as_str()));
        if plan.digest() != header.plan.digest || !are_planned {
            return Err(Refused::OtherPlan);
        }
        let is_settled = |case: &Case| {
            !matches!(
                case.verdict,
                Verdict::Inconclusive { .. } | Verdict::Flaky { .. }
            )
        };
        let settled = record.cases.into_iter().filter(is_settled);
        let mut settled = settled.map(|case| (case.id.clone(), case)).collect();
        let mut kept = Vec::new();
        for planned in &mut plan.clauses {
            keep(planned, &mut settled, &mut kept, regressions);
        }
        plan.clauses.retain(|planned| !planned.cases.is_empty());
        if plan.clauses.is_empty() && record.closing.is_some() {
            return Err(Refused::Finished);
        }
        Ok(Self {
            header,
            clauses: record.clauses,
            kept,
            notes: record.notes,
        })
    }

    /// What the target said of itself when the run was begun; `None`: nothing is kept, and any
    /// target is as good.
    #[must_use]
    pub fn begun_on(&self) -> Option<&Identity> {
        let identity = self.header.target.identity.as_ref();
        identity.filter(|_| !self.kept.is_empty())
    }

    /// What is noted of a run that goes on with this target. Another reset command makes no other
    /// firmware, and may be what the run was waiting for.
    #[must_use]
    pub fn notes(&self, target: &Target) -> Vec<String> {
        let is_as_begun = self.header.target.reset == heading::digest_of_reset_command(target);
        let reset =
            "The command that resets the target is another one than when the run was begun.";
        let reset = (!is_as_begun).then(|| reset.to_owned());
        [self.note()].into_iter().chain(reset).collect()
    }

    fn note(&self) -> String {
        let kept = self.kept.iter().map(|kept| match kept {
            Kept::Case(_) => 1,
            Kept::Refuted(not_run) => not_run.cases.len(),
        });
        format!(
            "The run was resumed with {} of its {} done.",
            kept.sum::<usize>(),
            counted(self.header.plan.cases, "case")
        )
    }

    /// Writes what is kept to a file beside the record, and puts it in the record's place: whatever
    /// happens meanwhile, there is always one from which the run can be taken up. `given` is what this
    /// part of the run was given; what it leaves to the record is as it was.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn begin(
        &self,
        folder: &OutFolder,
        target: &Target,
        opened: Option<&TargetInfo>,
        given: Option<&Given>,
    ) -> Result<Writer<File>, WriteError> {
        let record = folder.new_record()?;
        let mut header = self.header.clone();
        let begun = header.timing.given.take();
        header.timing.given = given.cloned().map(|given| Given {
            deviations: given
                .deviations
                .or_else(|| begun.as_ref()?.deviations.clone()),
            expect_version: given
                .expect_version
                .or_else(|| begun.as_ref()?.expect_version.clone()),
            retries: given.retries.or_else(|| begun.as_ref()?.retries),
            ..given
        });
        if let Some(opened) = opened.filter(|_| self.begun_on().is_none()) {
            header.target.identity = Some(heading::identity(opened));
            header.timing.free_memory = opened.free_memory;
        }
        let mut journal = Writer::new(record.writer()?, &header)?;
        for clause in &self.clauses {
            journal.clause(clause)?;
        }
        for kept in &self.kept {
            match kept {
                Kept::Case(case) => journal.case(case)?,
                Kept::Refuted(not_run) => journal.not_run(not_run)?,
            }
        }
        for note in &self.notes {
            journal.note(note)?;
        }
        for says in self.notes(target) {
            journal.note(&Note { says })?;
        }
        let captures = self.kept.iter().filter_map(|kept| match kept {
            Kept::Case(case) => case.capture.as_ref(),
            Kept::Refuted(_) => None,
        });
        record.put_in_place(&captures.collect())?;
        Ok(journal)
    }
}

/// Whether the run was begun by this version, and with this pack: before that is known nothing that the
/// header says has a meaning here.
///
/// # Errors
/// When it was not.
pub fn check_origin(header: &Header, pack: &Pack) -> Result<(), Refused> {
    if header.version < CHAINED_SINCE {
        return Err(Refused::Unprotected);
    }
    if header.tool != heading::TOOL {
        return Err(Refused::OtherTool {
            begun: header.tool.clone(),
            here: heading::TOOL,
        });
    }
    let begun = &header.pack;
    if begun.digest != pack.digest {
        let named =
            |name: &str, version: &str, digest: &str| format!("{name} {version} ({digest})");
        return Err(Refused::OtherPack {
            begun: named(&begun.name, &begun.version, &begun.digest),
            here: named(&pack.name, &pack.version, &pack.digest),
        });
    }
    Ok(())
}

/// Leaves out inputs that have failed since the run was begun, most likely in its own first part:
/// they stand behind the ones that it was begun with.
fn only_first_regressions(
    planned: &mut PlannedClause<'_>,
    clause: &record::Clause,
) -> Result<(), Refused> {
    let is_recorded = |inputs: &PlannedInputs| matches!(inputs, PlannedInputs::Recorded(_));
    let cases = &mut planned.cases;
    let here = cases
        .iter()
        .take_while(|case| is_recorded(&case.inputs))
        .count();
    let drawn = cases.len() - here;
    let begun = clause.cases.checked_sub(drawn).ok_or(Refused::OtherPlan)?;
    if begun > here {
        return Err(Refused::Regressions {
            clause: clause.id.clone(),
            begun,
            here,
        });
    }
    cases.drain(begun..here);
    Ok(())
}

/// Keeps what is settled of a clause, and leaves the rest of its cases in the plan.
fn keep(
    planned: &mut PlannedClause<'_>,
    settled: &mut HashMap<String, Case>,
    kept: &mut Vec<Kept>,
    regressions: &mut Regressions,
) {
    let mut refuted = Vec::new();
    let mut is_refuted = false;
    let cases = mem::take(&mut planned.cases);
    for case in cases {
        match settled.remove(&case.id) {
            Some(case) => {
                if let Verdict::Fail { finding } = &case.verdict {
                    is_refuted = true;
                    regressions.add(planned.clause, &bindings(planned, &finding.inputs));
                }
                kept.push(Kept::Case(case));
            }
            None if is_refuted => refuted.push(case.id),
            None => planned.cases.push(case),
        }
    }
    if !refuted.is_empty() {
        kept.push(Kept::Refuted(NotRun {
            cases: refuted,
            because: Reason::AlreadyRefuted,
        }));
    }
}

/// The inputs of a finding, in the order in which the clause names them; none where one of them is
/// no literal.
fn bindings(planned: &PlannedClause<'_>, inputs: &BTreeMap<String, String>) -> Bindings {
    let names = planned.clause.check.forall.keys();
    let inputs: Option<Bindings> = names
        .map(|name| Some((name.clone(), literal::parse(inputs.get(name)?).ok()?)))
        .collect();
    inputs.unwrap_or_default()
}
