//! Owns the run: each planned case staged, run, judged and put on record, failing inputs
//! shrunk, a sick target brought back. Does not open targets, and renders nothing.

use std::io::Write;
use std::time::Duration;

use trueline_adapters::error::BenchError;
use trueline_adapters::observation::Observation;
use trueline_adapters::session::Session;
use trueline_reports::journal::{WriteError, Writer};
use trueline_reports::record::{Case, CaseTiming, Finding, NotRun, Note, Reason, Verdict};
use trueline_spec::pack::{Capability, Check};

use crate::generate::Inputs;
use crate::judge::{Bindings, Judge, Judgement};
use crate::plan::{Plan, PlannedCase, PlannedClause, PlannedInputs};
use crate::progress::Progress;
use crate::regressions::Regressions;
use crate::staging;
use crate::stop::Stop;

/// After so many bench errors in a row nothing more is tried.
const LOST_AFTER: u32 = 3;
/// Programs that shrinking one finding may run.
const SHRINK_RUNS: u32 = 400;
/// Time on the target that shrinking one finding may take.
const SHRINK_TIME: Duration = Duration::from_secs(10);
/// Draws until an `assume` is met.
const DRAWS: u32 = 1000;

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

/// What came of one case.
enum Ran {
    Judged(Verdict, CaseTiming),
    Broke(BenchError),
    Stopped,
}

/// A case that ran: what was seen and what the judge makes of it.
struct Tried {
    observation: Observation,
    judgement: Judgement,
}

impl<S: Session, W: Write> Run<'_, S, W> {
    /// Runs every planned case. The record is complete afterwards, but for its closing line.
    ///
    /// # Errors
    /// When the record cannot be written.
    pub async fn all(mut self) -> Result<(), WriteError> {
        let plan = self.plan;
        let mut broken_in_a_row = 0;
        let mut clauses = plan.clauses.iter();
        while let Some(planned) = clauses.next() {
            self.progress.clause(&planned.clause.id);
            if let Some(missing) = self.missing(planned) {
                self.not_applicable(planned, &missing)?;
                continue;
            }
            let end = self.clause(planned, &mut broken_in_a_row).await?;
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
            self.put(
                planned,
                case,
                verdict,
                CaseTiming {
                    micros: 0,
                    wire_bytes: 0,
                },
            )?;
        }
        Ok(())
    }

    /// Runs the cases of one clause; `Some` says why nothing after it can be run.
    async fn clause(
        &mut self,
        planned: &PlannedClause<'_>,
        broken_in_a_row: &mut u32,
    ) -> Result<Option<Reason>, WriteError> {
        for (index, case) in planned.cases.iter().enumerate() {
            let rest = &planned.cases[index + 1..];
            let ran = tokio::select! {
                biased;
                () = self.stop.requested() => Ran::Stopped,
                ran = case_verdict(self.plan, self.session, self.judge, self.regressions, planned, case) => ran,
            };
            match ran {
                Ran::Judged(verdict, timing) => {
                    *broken_in_a_row = 0;
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
                    self.put(
                        planned,
                        case,
                        verdict,
                        CaseTiming {
                            micros: 0,
                            wire_bytes: 0,
                        },
                    )?;
                    *broken_in_a_row += 1;
                    if !self.brought_back(*broken_in_a_row).await? {
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
}

async fn case_verdict<S: Session>(
    plan: &Plan<'_>,
    session: &mut S,
    judge: &Judge,
    regressions: &mut Regressions,
    planned: &PlannedClause<'_>,
    case: &PlannedCase,
) -> Ran {
    let check = &planned.clause.check;
    let (mut drawn, inputs) = match &case.inputs {
        PlannedInputs::None => (None, Bindings::new()),
        PlannedInputs::Recorded(inputs) => (None, inputs.clone()),
        PlannedInputs::Drawn(seed) => match draw(judge, check, seed) {
            Ok(drawn) => {
                let inputs = drawn.current();
                (Some(drawn), inputs)
            }
            Err(because) => return Ran::Judged(Verdict::Inconclusive { because }, no_time()),
        },
    };
    let attempt = Attempt {
        module: &plan.pack.module,
        judge,
        check,
        name: &case.id,
    };
    let tried = match attempt.run(session, &inputs).await {
        Ok(Ok(tried)) => tried,
        Ok(Err(because)) => return Ran::Judged(Verdict::Inconclusive { because }, no_time()),
        Err(error) => return Ran::Broke(error),
    };
    let timing = CaseTiming {
        micros: u64::try_from(tried.observation.elapsed.as_micros()).unwrap_or(u64::MAX),
        wire_bytes: tried.observation.wire_bytes,
    };
    let verdict = match &tried.judgement {
        Judgement::Pass => Verdict::Pass,
        Judgement::Inconclusive { because } => Verdict::Inconclusive {
            because: because.clone(),
        },
        Judgement::Fail { .. } => {
            let smallest = match &mut drawn {
                Some(drawn) => attempt.shrink(session, drawn, tried, inputs.clone()).await,
                None => Smallest {
                    tried,
                    inputs: inputs.clone(),
                    runs: 0,
                },
            };
            regressions.add(planned.clause, &smallest.inputs);
            Verdict::Fail {
                finding: Box::new(finding(smallest, &inputs)),
            }
        }
    };
    Ran::Judged(verdict, timing)
}

fn no_time() -> CaseTiming {
    CaseTiming {
        micros: 0,
        wire_bytes: 0,
    }
}

/// Draws inputs that meet every `assume`.
fn draw(judge: &Judge, check: &Check, seed: &[u8; 32]) -> Result<Inputs, String> {
    let mut seed = *seed;
    for _ in 0..DRAWS {
        let inputs = Inputs::draw(&check.forall, &seed)?;
        if meets(judge, check, &inputs.current())? {
            return Ok(inputs);
        }
        // The next seed follows from this one, so that the draw stays the case's own.
        use sha2::{Digest as _, Sha256};
        seed = Sha256::digest(seed).into();
    }
    Err(format!(
        "no draw of {DRAWS} meets `assume`; loosen it or narrow `forall`"
    ))
}

fn meets(judge: &Judge, check: &Check, inputs: &Bindings) -> Result<bool, String> {
    if check.assume.is_empty() {
        return Ok(true);
    }
    let scope = judge.evaluator().scope(inputs);
    for condition in &check.assume {
        let met = judge.evaluator().is_true(condition, &scope);
        if !met.map_err(|error| format!("`assume: {condition}` has no value: {error:?}"))? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// One case's check, tried with one set of inputs or another.
struct Attempt<'a> {
    module: &'a str,
    judge: &'a Judge,
    check: &'a Check,
    name: &'a str,
}

/// The simplest inputs that fail.
struct Smallest {
    tried: Tried,
    inputs: Bindings,
    runs: u32,
}

impl Attempt<'_> {
    /// Runs it; the inner error is the pack's fault.
    async fn run<S: Session>(
        &self,
        session: &mut S,
        inputs: &Bindings,
    ) -> Result<Result<Tried, String>, BenchError> {
        let evaluator = self.judge.evaluator();
        let scenario =
            match staging::scenario(self.name, self.module, self.check, inputs, evaluator) {
                Ok(scenario) => scenario,
                Err(error) => return Ok(Err(error.to_string())),
            };
        let observation = session.run(&scenario).await?;
        let stdout = self.check.expect.stdout.as_ref();
        let stdout = stdout.map(|text| staging::filled(text, self.check, &observation));
        let judgement = self
            .judge
            .judge(self.check, inputs, stdout.as_deref(), &observation);
        Ok(Ok(Tried {
            observation,
            judgement,
        }))
    }

    /// Looks for simpler inputs that fail, on the same target. A bench error ends the search
    /// with what was found so far, and the target is brought back; if that fails, the next
    /// case meets the same error and says so.
    async fn shrink<S: Session>(
        &self,
        session: &mut S,
        drawn: &mut Inputs,
        tried: Tried,
        inputs: Bindings,
    ) -> Smallest {
        let mut smallest = Smallest {
            tried,
            inputs,
            runs: 0,
        };
        let mut spent = Duration::ZERO;
        let mut more = drawn.simplify();
        while more && smallest.runs < SHRINK_RUNS && spent < SHRINK_TIME {
            let inputs = drawn.current();
            let fails = if matches!(meets(self.judge, self.check, &inputs), Ok(true)) {
                smallest.runs += 1;
                let tried = match self.run(session, &inputs).await {
                    Ok(Ok(tried)) => tried,
                    Ok(Err(_)) => break,
                    Err(_) => {
                        let _met_again_by_the_next_case = session.recover().await;
                        break;
                    }
                };
                spent += tried.observation.elapsed;
                let fails = matches!(tried.judgement, Judgement::Fail { .. });
                if fails {
                    (smallest.tried, smallest.inputs) = (tried, inputs);
                }
                fails
            } else {
                false
            };
            more = if fails {
                drawn.simplify()
            } else {
                drawn.complicate()
            };
        }
        smallest
    }
}

fn finding(smallest: Smallest, first: &Bindings) -> Finding {
    let literals = |inputs: &Bindings| {
        inputs
            .iter()
            .map(|(name, value)| (name.clone(), value.to_string()))
            .collect()
    };
    let Judgement::Fail { expected, observed } = smallest.tried.judgement else {
        unreachable!("only failing attempts are kept")
    };
    let observation = smallest.tried.observation;
    Finding {
        expected,
        observed,
        inputs: literals(&smallest.inputs),
        found_with: (smallest.inputs != *first).then(|| literals(first)),
        shrink_runs: smallest.runs,
        program: observation.program,
        stdout: observation.stdout,
        peers: observation.peers.iter().map(peer_line).collect(),
    }
}

fn peer_line(peer: &trueline_adapters::observation::PeerLog) -> String {
    let seen: Vec<_> = peer
        .values
        .iter()
        .map(|(name, value)| format!("{name} = {value}"))
        .collect();
    let seen = if seen.is_empty() {
        String::new()
    } else {
        format!("; saw {}", seen.join(", "))
    };
    match &peer.stopped {
        Some(why) => format!("{} {why}{seen}", peer.name),
        None => format!("{} finished its {} steps{seen}", peer.name, peer.finished),
    }
}
