//! Owns the run: each planned case staged, run, judged and put on record, failing inputs
//! shrunk, a sick target brought back. Does not open targets, and renders nothing.

use std::collections::VecDeque;
use std::io::Write;
use std::time::Duration;

use trueline_adapters::error::BenchError;
use trueline_adapters::observation::Observation;
use trueline_adapters::session::Session;
use trueline_reports::journal::{WriteError, Writer};
use trueline_reports::record::{Case, CaseTiming, NotRun, Note, Reason, Verdict};
use trueline_spec::pack::{Capability, Check};

use crate::attempt::{Attempt, Failure, Smallest, draw, meets};
use crate::finding::finding;
use crate::generate::Inputs;
use crate::judge::{Bindings, Judge, Judgement};
use crate::plan::{Plan, PlannedCase, PlannedClause, PlannedInputs};
use crate::progress::Progress;
use crate::regressions::Regressions;
use crate::stop::Stop;

/// After so many bench errors in a row nothing more is tried.
const LOST_AFTER: u32 = 3;
/// Cases without peers that are sent at once: most of what such a case costs is waiting for
/// each other.
const AT_ONCE: usize = 16;
/// Time that shrinking may take in a run. A target on which nearly everything fails is not
/// better understood by a smallest input for each failure.
const SHRINK_TIME_IN_ALL: Duration = Duration::from_secs(20);

/// One run of a plan on a session.
pub struct Run<'r, S, W: Write> {
    /// What to do.
    pub plan: &'r Plan<'r>,
    /// Where.
    pub session: &'r mut S,
    /// Who decides.
    pub judge: &'r Judge,
    /// Where it is written down.
    pub journal: &'r mut Writer<W>,
    /// Inputs that failed; new ones are added.
    pub regressions: &'r mut Regressions,
    /// Who watches.
    pub progress: &'r Progress,
    /// Who may end it.
    pub stop: &'r Stop,
}

/// What a run may still spend.
struct Allowance {
    broken_in_a_row: u32,
    shrinking: Duration,
}

/// What came of one case.
enum Ran {
    Judged(Verdict, CaseTiming),
    Broke(BenchError),
    Stopped,
}

impl<'r, S: Session, W: Write> Run<'r, S, W> {
    /// Runs every planned case. The record is complete afterwards, but for its closing line.
    ///
    /// # Errors
    /// When the record cannot be written.
    pub async fn all(mut self) -> Result<(), WriteError> {
        let plan = self.plan;
        let mut allowance = Allowance {
            broken_in_a_row: 0,
            shrinking: SHRINK_TIME_IN_ALL,
        };
        let mut clauses = plan.clauses.iter();
        while let Some(planned) = clauses.next() {
            self.progress.clause(&planned.clause.id);
            if let Some(missing) = self.missing(planned) {
                self.not_applicable(planned, &missing)?;
                continue;
            }
            let end = self.clause(planned, &mut allowance).await?;
            if let Some(reason) = end {
                for planned in clauses.by_ref() {
                    self.not_run(&planned.cases, reason)?;
                }
            }
        }
        Ok(())
    }

    fn missing(&self, planned: &PlannedClause<'_>) -> Option<Vec<Capability>> {
        let there = &self.session.target().capabilities;
        let missing: Vec<_> = planned.clause.needs.difference(there).copied().collect();
        (!missing.is_empty()).then_some(missing)
    }

    fn not_applicable(
        &mut self,
        planned: &PlannedClause<'_>,
        missing: &[Capability],
    ) -> Result<(), WriteError> {
        let missing: Vec<_> = missing.iter().map(Capability::to_string).collect();
        for case in &planned.cases {
            let verdict = Verdict::NotApplicable {
                missing: missing.clone(),
            };
            self.put(planned, case, verdict, no_time())?;
        }
        Ok(())
    }

    /// Runs the cases of one clause; `Some` says why nothing after it can be run.
    async fn clause(
        &mut self,
        planned: &PlannedClause<'_>,
        allowance: &mut Allowance,
    ) -> Result<Option<Reason>, WriteError> {
        let stop = self.stop;
        let mut ahead = VecDeque::new();
        let mut together = true;
        for (index, case) in planned.cases.iter().enumerate() {
            let rest = &planned.cases[index + 1..];
            let working = async {
                if ahead.is_empty() && together {
                    match self.run_ahead(planned, &planned.cases[index..]).await {
                        Together::Ran(ran) => ahead = ran,
                        Together::Alone => together = false,
                        // Whose an error was shows when each is run alone, on a target that is
                        // at its place again.
                        Together::Broke => {
                            together = false;
                            if let Err(error) = self.session.recover().await {
                                return Ran::Broke(error);
                            }
                        }
                    }
                }
                self.run_case(planned, case, ahead.pop_front(), &mut allowance.shrinking)
                    .await
            };
            let ran = tokio::select! {
                biased;
                () = stop.requested() => Ran::Stopped,
                ran = working => ran,
            };
            match ran {
                Ran::Judged(verdict, timing) => {
                    allowance.broken_in_a_row = 0;
                    let refuted = matches!(verdict, Verdict::Fail { .. });
                    self.put(planned, case, verdict, timing)?;
                    if refuted {
                        self.not_run(rest, Reason::AlreadyRefuted)?;
                        break;
                    }
                }
                Ran::Broke(error) => {
                    let verdict = Verdict::Inconclusive {
                        because: error.to_string(),
                    };
                    self.put(planned, case, verdict, no_time())?;
                    allowance.broken_in_a_row += 1;
                    if !self.brought_back(allowance.broken_in_a_row).await? {
                        self.not_run(rest, Reason::BenchLost)?;
                        return Ok(Some(Reason::BenchLost));
                    }
                }
                Ran::Stopped => {
                    self.not_run(&planned.cases[index..], Reason::Interrupted)?;
                    return Ok(Some(Reason::Interrupted));
                }
            }
        }
        Ok(None)
    }

    async fn brought_back(&mut self, broken_in_a_row: u32) -> Result<bool, WriteError> {
        if broken_in_a_row >= LOST_AFTER {
            self.note(format!(
                "The bench broke {broken_in_a_row} times in a row; nothing more was tried."
            ))?;
            return Ok(false);
        }
        match self.session.recover().await {
            Ok(()) => {
                self.note("The target was brought back after an error.".to_owned())?;
                Ok(true)
            }
            Err(error) => {
                self.note(format!("The target could not be brought back: {error}."))?;
                Ok(false)
            }
        }
    }

    fn put(
        &mut self,
        planned: &PlannedClause<'_>,
        case: &PlannedCase,
        verdict: Verdict,
        timing: CaseTiming,
    ) -> Result<(), WriteError> {
        self.progress.case(planned, &verdict);
        self.journal.case(&Case {
            id: case.id.clone(),
            verdict,
            timing,
        })
    }

    fn not_run(&mut self, cases: &[PlannedCase], because: Reason) -> Result<(), WriteError> {
        if cases.is_empty() {
            return Ok(());
        }
        self.progress.skipped(cases.len());
        let cases = cases.iter().map(|case| case.id.clone()).collect();
        self.journal.not_run(&NotRun { cases, because })
    }

    fn note(&mut self, says: String) -> Result<(), WriteError> {
        self.progress.note(&says);
        self.journal.note(&Note { says })
    }

    /// Runs as many of the next cases at once as can be.
    async fn run_ahead(&mut self, planned: &PlannedClause<'_>, cases: &[PlannedCase]) -> Together {
        let check = &planned.clause.check;
        let says_nothing_of_output = check.expect.stdout.is_none()
            && !check
                .expect
                .holds
                .iter()
                .any(|expression| expression.0.contains("stdout"));
        if cases.len() < 2
            || !check.peers.is_empty()
            || !check.waits.is_zero()
            || !says_nothing_of_output
        {
            return Together::Alone;
        }
        let mut given = Vec::new();
        let mut scenarios = Vec::new();
        for case in &cases[..cases.len().min(AT_ONCE)] {
            let inputs = inputs(self.judge, check, case);
            let scenario = inputs.and_then(|inputs| {
                let scenario = self.attempt(check, case).scenario(&inputs.now);
                Ok((inputs, scenario?))
            });
            // What is wrong with the pack is said when the case is run alone.
            let Ok((inputs, scenario)) = scenario else {
                return Together::Alone;
            };
            scenarios.push(scenario);
            given.push(inputs);
        }
        let Ok(observations) = self.session.run_all(&scenarios).await else {
            return Together::Broke;
        };
        let ran = given.into_iter().zip(observations);
        Together::Ran(
            ran.map(|(given, observation)| Ahead { given, observation })
                .collect(),
        )
    }

    async fn run_case(
        &mut self,
        planned: &PlannedClause<'_>,
        case: &PlannedCase,
        ahead: Option<Ahead>,
        shrinking: &mut Duration,
    ) -> Ran {
        let check = &planned.clause.check;
        let attempt = self.attempt(check, case);
        let (given, tried) = match ahead {
            Some(Ahead { given, observation }) => {
                let tried = attempt.judged(&given.now, observation);
                (given, tried)
            }
            None => {
                let given = match inputs(self.judge, check, case) {
                    Ok(given) => given,
                    Err(because) => return undecided(because),
                };
                match attempt.run(self.session, &given.now).await {
                    Ok(Ok(tried)) => (given, tried),
                    Ok(Err(because)) => return undecided(because),
                    Err(error) => return Ran::Broke(error),
                }
            }
        };
        let timing = CaseTiming {
            micros: u64::try_from(tried.observation.elapsed.as_micros()).unwrap_or(u64::MAX),
            wire_bytes: tried.observation.wire_bytes,
        };
        let verdict = match tried.judgement {
            Judgement::Pass => Verdict::Pass,
            Judgement::Inconclusive { because } => Verdict::Inconclusive { because },
            Judgement::Fail { expected, observed } => {
                let failure = Failure {
                    observation: tried.observation,
                    expected,
                    observed,
                };
                let first = given.now.clone();
                let mut smallest = Smallest {
                    failure,
                    inputs: given.now,
                    runs: 0,
                };
                if let Some(mut drawn) = given.drawn {
                    smallest = attempt
                        .shrink(self.session, &mut drawn, smallest, shrinking)
                        .await;
                }
                self.regressions.add(planned.clause, &smallest.inputs);
                Verdict::Fail {
                    finding: Box::new(finding(smallest, &first)),
                }
            }
        };
        Ran::Judged(verdict, timing)
    }

    fn attempt<'c>(&self, check: &'c Check, case: &'c PlannedCase) -> Attempt<'c>
    where
        'r: 'c,
    {
        Attempt {
            module: &self.plan.pack.module,
            judge: self.judge,
            check,
            name: &case.id,
        }
    }
}

/// The inputs of a case, and how to make them simpler where that can be done.
struct Given {
    drawn: Option<Inputs>,
    now: Bindings,
}

/// What came of running several cases at once.
enum Together {
    /// They ran.
    Ran(VecDeque<Ahead>),
    /// Each case of the clause has to be run alone.
    Alone,
    /// Something went wrong with one of them, and nothing is known of the others.
    Broke,
}

/// A case that ran with others, before its turn to be judged.
struct Ahead {
    given: Given,
    observation: Observation,
}

fn inputs(judge: &Judge, check: &Check, case: &PlannedCase) -> Result<Given, String> {
    Ok(match &case.inputs {
        PlannedInputs::None => Given {
            drawn: None,
            now: Bindings::new(),
        },
        PlannedInputs::Recorded(inputs) if !meets(judge, check, inputs)? => {
            return Err(
                "the inputs that failed in an earlier run do not meet `assume` any more; \
                        remove them from regressions.yaml"
                    .to_owned(),
            );
        }
        PlannedInputs::Recorded(inputs) => Given {
            drawn: None,
            now: inputs.clone(),
        },
        PlannedInputs::Drawn(seed) => {
            let drawn = draw(judge, check, seed)?;
            Given {
                now: drawn.current(),
                drawn: Some(drawn),
            }
        }
    })
}

fn undecided(because: String) -> Ran {
    Ran::Judged(Verdict::Inconclusive { because }, no_time())
}

fn no_time() -> CaseTiming {
    CaseTiming {
        micros: 0,
        wire_bytes: 0,
    }
}
