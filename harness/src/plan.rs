//! Owns what a run is going to do: which clauses, which cases, in which order, with which
//! seeds. Runs nothing; the same pack, options and seed give the same plan.

use std::time::Duration;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use sha2::{Digest as _, Sha256};
use trueline_adapters::session::Clock;
use trueline_reports::day::Day;
use trueline_reports::plan_digest;
use trueline_reports::record::Deviation;
use trueline_spec::pack::{CheckKind, Clause, Item, Pack};

use crate::deviations::Deviations;
use crate::generate::Seed;
use crate::judge::Bindings;
use crate::regressions::Regressions;

/// Real time that the cases of one property may spend waiting by design. A property that
/// waits gets as many cases as fit, and at least one.
const WAITING_BUDGET: Duration = Duration::from_secs(2);
/// The most cases of a property.
pub const MOST_CASES: u32 = 100_000;
/// The most cases of a run: its plan and its record stay in memory.
const MOST_IN_ALL: u64 = 1_000_000;

/// What a run is asked for.
#[derive(Debug, Clone)]
pub struct Selection {
    /// Patterns over clause and item ids; empty: everything.
    pub only: Vec<String>,
    /// Cases a property.
    pub cases: u32,
    /// The run's seed, from which each case has its own.
    pub seed: u64,
    /// Whether cases that wait take real time.
    pub clock: Clock,
}

/// The cases of a run in their order.
pub struct Plan<'p> {
    /// The pack.
    pub pack: &'p Pack,
    /// What was asked for.
    pub selection: Selection,
    /// The clauses, in the pack's order.
    pub clauses: Vec<PlannedClause<'p>>,
    /// Whose known deviations stand beside the clauses; `None`: no list was given.
    pub deviations: Option<Listed>,
}

/// A list of deviations that was given.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Whose they are, in the list's words.
    pub target: String,
    /// The day against which they were held.
    pub day: Day,
}

/// A clause with its cases.
pub struct PlannedClause<'p> {
    /// What the clause is about.
    pub item: &'p Item,
    /// The clause.
    pub clause: &'p Clause,
    /// At least one.
    pub cases: Vec<PlannedCase>,
    /// That the target is known to deviate from it.
    pub deviation: Option<Deviation>,
}

/// A clause with concrete inputs, or the seed that they follow from.
pub struct PlannedCase {
    /// The clause's id; for a property with `#1`, `#2`, … or `#regression-1`, ….
    pub id: String,
    /// What chance follows from, on a network that has any.
    pub seed: u64,
    /// Its inputs.
    pub inputs: PlannedInputs,
}

/// Where a case's inputs come from.
pub enum PlannedInputs {
    /// There are none.
    None,
    /// They failed in an earlier run.
    Recorded(Bindings),
    /// They are drawn from this seed.
    Drawn(Seed),
}

/// Why there is no plan.
#[derive(Debug, thiserror::Error)]
pub enum NoPlan {
    /// A pattern that is none.
    #[error(
        "`--only {pattern}` is no pattern: {reason}; in a pattern `*` matches any part of an id, as in \
         `usocket.socket.recv/*`"
    )]
    Pattern {
        /// As given.
        pattern: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A number of cases that no run has.
    #[error(
        "{0} cases a property are asked for, and there are 1 to {MOST_CASES}; give another --cases"
    )]
    Cases(u32),
    /// More cases than a run can have.
    #[error(
        "the selection comes to {0} cases, and a run has at most {MOST_IN_ALL}; lower --cases, or \
         select fewer clauses with --only"
    )]
    TooMany(u64),
}

impl<'p> Plan<'p> {
    /// Plans a run.
    ///
    /// # Errors
    /// When a pattern of the selection is none, or it comes to too many cases.
    pub fn new(
        pack: &'p Pack,
        selection: Selection,
        regressions: &Regressions,
    ) -> Result<Self, NoPlan> {
        let wanted = patterns(&selection.only)?;
        if !(1..=MOST_CASES).contains(&selection.cases) {
            return Err(NoPlan::Cases(selection.cases));
        }
        let selected = || {
            pack.clauses().filter(|(item, clause)| {
                selection.only.is_empty()
                    || wanted.is_match(&clause.id)
                    || wanted.is_match(&item.id)
            })
        };
        let properties = selected().filter(|(_, clause)| clause.check.kind == CheckKind::Property);
        let drawn = properties.map(|(_, clause)| fitting(&selection, clause.check.waits));
        let in_all = drawn.map(u64::from).sum();
        if in_all > MOST_IN_ALL {
            return Err(NoPlan::TooMany(in_all));
        }
        let clauses = selected()
            .map(|(item, clause)| PlannedClause {
                item,
                clause,
                cases: cases(clause, &selection, regressions.of(clause)),
                deviation: None,
            })
            .collect();
        Ok(Self {
            pack,
            selection,
            clauses,
            deviations: None,
        })
    }

    /// Puts known deviations beside their clauses; entries of clauses that are not planned are
    /// passed over. It changes no case, but what the run comes to.
    pub fn expect(&mut self, mut deviations: Deviations) {
        for planned in &mut self.clauses {
            planned.deviation = deviations.by_clause.remove(&planned.clause.id);
        }
        self.deviations = Some(Listed {
            target: deviations.target,
            day: deviations.day,
        });
    }

    /// How many cases there are.
    #[must_use]
    pub fn case_count(&self) -> usize {
        self.clauses.iter().map(|planned| planned.cases.len()).sum()
    }

    /// SHA-256 over the case ids in their order, each followed by a line feed.
    #[must_use]
    pub fn digest(&self) -> String {
        plan_digest(self.cases().map(|case| &case.id))
    }

    /// SHA-256 over the inputs that failed in earlier runs, a line for each case; `None`: there are none.
    #[must_use]
    pub fn digest_of_failed_before(&self) -> Option<String> {
        let lines: Vec<_> = self.cases().filter_map(recorded).collect();
        (!lines.is_empty()).then(|| plan_digest(lines))
    }

    fn cases(&self) -> impl Iterator<Item = &PlannedCase> {
        self.clauses.iter().flat_map(|planned| &planned.cases)
    }
}

/// The case with its inputs, where they failed before. A literal has no line feed.
fn recorded(case: &PlannedCase) -> Option<String> {
    let PlannedInputs::Recorded(inputs) = &case.inputs else {
        return None;
    };
    let inputs = inputs
        .iter()
        .map(|(name, value)| format!(" {name}={value}"));
    Some(inputs.fold(case.id.clone(), |line, input| line + &input))
}

/// `*` goes over slashes, so that `usocket.socket.recv*` selects all clauses of the method.
fn patterns(only: &[String]) -> Result<GlobSet, NoPlan> {
    let bad = |pattern: &str, error: globset::Error| NoPlan::Pattern {
        pattern: pattern.to_owned(),
        reason: error.kind().to_string(),
    };
    let mut set = GlobSetBuilder::new();
    for pattern in only {
        if pattern.is_empty() {
            return Err(NoPlan::Pattern {
                pattern: "''".to_owned(),
                reason: "it is empty".to_owned(),
            });
        }
        let glob = GlobBuilder::new(pattern).literal_separator(false).build();
        set.add(glob.map_err(|error| bad(pattern, error))?);
    }
    set.build().map_err(|error| bad(&only.join(" "), error))
}

fn cases(clause: &Clause, selection: &Selection, recorded: Vec<Bindings>) -> Vec<PlannedCase> {
    let case = |id: String, inputs: &dyn Fn(Seed) -> PlannedInputs| {
        let seed = case_seed(selection.seed, &id);
        let [a, b, c, d, e, f, g, h, ..] = seed;
        PlannedCase {
            seed: u64::from_le_bytes([a, b, c, d, e, f, g, h]),
            inputs: inputs(seed),
            id,
        }
    };
    if clause.check.kind != CheckKind::Property {
        return vec![case(clause.id.clone(), &|_| PlannedInputs::None)];
    }
    let recorded = recorded.into_iter().zip(1..).map(|(inputs, number)| {
        let id = format!("{}#regression-{number}", clause.id);
        case(id, &|_| PlannedInputs::Recorded(inputs.clone()))
    });
    let drawn = (1..=fitting(selection, clause.check.waits)).map(|number| {
        let id = format!("{}#{number}", clause.id);
        case(id, &PlannedInputs::Drawn)
    });
    recorded.chain(drawn).collect()
}

fn fitting(selection: &Selection, waits: Duration) -> u32 {
    let cases = selection.cases;
    if waits.is_zero() || selection.clock == Clock::Virtual {
        return cases;
    }
    let fitting = (WAITING_BUDGET.as_secs_f64() / waits.as_secs_f64()) as u32;
    fitting.clamp(1, cases.max(1))
}

/// Each case has its own seed, so that it draws the same values whatever else is selected.
fn case_seed(run_seed: u64, case_id: &str) -> Seed {
    let mut digest = Sha256::new();
    digest.update(run_seed.to_le_bytes());
    digest.update(case_id.as_bytes());
    digest.finalize().into()
}
