//! Owns the trying of a check with inputs: drawn, staged, run, judged, and made simpler while
//! it fails. Does not know records or what is planned.

use std::time::Duration;

use sha2::{Digest as _, Sha256};
use trueline_adapters::error::BenchError;
use trueline_adapters::observation::Observation;
use trueline_adapters::scenario::Scenario;
use trueline_adapters::session::Session;
use trueline_spec::pack::Check;

use crate::generate::{Inputs, Seed};
use crate::judge::{Bindings, Judge, Judgement};
use crate::staging::{self, Circumstances};

/// Programs that shrinking one finding may run.
const SHRINK_RUNS: u32 = 400;
/// Time that shrinking one finding may take.
const SHRINK_TIME: Duration = Duration::from_secs(3);
/// Draws until an `assume` is met.
const DRAWS: u32 = 1000;

/// A case that ran: what was seen and what the judge makes of it.
pub struct Tried {
    /// What was seen.
    pub observation: Observation,
    /// What the judge makes of it.
    pub judgement: Judgement,
}

impl Tried {
    /// How the clause does not hold, if it does not.
    #[must_use]
    pub fn failure(self) -> Option<Failure> {
        match self.judgement {
            Judgement::Fail { expected, observed } => Some(Failure {
                observation: self.observation,
                expected,
                observed,
            }),
            Judgement::Pass | Judgement::Inconclusive { .. } => None,
        }
    }
}

/// Draws inputs that meet every `assume`.
///
/// # Errors
/// When none of many draws does, or an `assume` has no value: the pack's fault, in a sentence.
pub fn draw(judge: &Judge, check: &Check, seed: &Seed) -> Result<Inputs, String> {
    let mut seed = *seed;
    for _ in 0..DRAWS {
        let inputs = Inputs::draw(&check.forall, &seed)?;
        if meets(judge, check, &inputs.current())? {
            return Ok(inputs);
        }
        // The next seed follows from this one, so that the draw stays the case's own.
        seed = Sha256::digest(seed).into();
    }
    Err(format!(
        "no draw of {DRAWS} meets `assume`; loosen it or narrow `forall`"
    ))
}

/// Whether inputs meet every `assume`.
///
/// # Errors
/// When an `assume` has no value: the pack's fault, in a sentence.
pub fn meets(judge: &Judge, check: &Check, inputs: &Bindings) -> Result<bool, String> {
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
pub struct Attempt<'a> {
    /// What the case adds to its check.
    pub case: Circumstances<'a>,
    /// Who decides.
    pub judge: &'a Judge,
    /// What is tried.
    pub check: &'a Check,
}

/// A case that fails, and how.
#[derive(Clone)]
pub struct Failure {
    /// What was seen.
    pub observation: Observation,
    /// What should have been.
    pub expected: String,
    /// What was instead.
    pub observed: String,
}

/// The simplest inputs that fail.
pub struct Smallest {
    /// How they fail.
    pub failure: Failure,
    /// The inputs.
    pub inputs: Bindings,
    /// How many programs were run to find them.
    pub runs: u32,
}

impl Attempt<'_> {
    /// The scenario for these inputs.
    ///
    /// # Errors
    /// When the pack is at fault, in a sentence.
    pub fn scenario(&self, inputs: &Bindings) -> Result<Scenario, String> {
        let evaluator = self.judge.evaluator();
        staging::scenario(self.case, self.check, inputs, evaluator)
            .map_err(|error| error.to_string())
    }

    /// What the judge makes of what was seen with these inputs.
    #[must_use]
    pub fn judged(&self, inputs: &Bindings, observation: Observation) -> Tried {
        let stdout = self.check.expect.stdout.as_ref();
        let stdout =
            stdout.map(|text| staging::filled(text, self.check, &observation, self.case.wifi));
        let judgement = self
            .judge
            .judge(self.check, inputs, stdout.as_deref(), &observation);
        Tried {
            observation,
            judgement,
        }
    }

    /// Runs it; the inner error is the pack's fault.
    ///
    /// # Errors
    /// When the bench broke.
    pub async fn run<S: Session>(
        &self,
        session: &mut S,
        inputs: &Bindings,
    ) -> Result<Result<Tried, String>, BenchError> {
        let scenario = match self.scenario(inputs) {
            Ok(scenario) => scenario,
            Err(because) => return Ok(Err(because)),
        };
        let observation = session.run(&scenario).await?;
        Ok(Ok(self.judged(inputs, observation)))
    }

    /// Looks for simpler inputs that fail, on the same target. A bench error ends the search
    /// with what was found so far, and the target is brought back; if that fails, the next
    /// case meets the same error and says so. The time that it takes is taken off `budget`,
    /// and nothing is tried when that is used up; without a budget each finding has its own.
    pub async fn shrink<S: Session>(
        &self,
        session: &mut S,
        drawn: &mut Inputs,
        mut smallest: Smallest,
        mut budget: Option<&mut Duration>,
    ) -> Smallest {
        let in_all = budget.as_deref().copied().unwrap_or(SHRINK_TIME);
        let mut left = SHRINK_TIME.min(in_all);
        let mut more = drawn.simplify();
        while more && smallest.runs < SHRINK_RUNS && !left.is_zero() {
            let inputs = drawn.current();
            let mut fails = false;
            if matches!(meets(self.judge, self.check, &inputs), Ok(true)) {
                smallest.runs += 1;
                let tried = match self.run(session, &inputs).await {
                    Ok(Ok(tried)) => tried,
                    Ok(Err(_)) => break,
                    Err(_) => {
                        let _met_again_by_the_next_case = session.recover().await;
                        break;
                    }
                };
                let took = tried.observation.took;
                left = left.saturating_sub(took);
                if let Some(budget) = &mut budget {
                    **budget = budget.saturating_sub(took);
                }
                if let Judgement::Fail { expected, observed } = tried.judgement {
                    fails = true;
                    let observation = tried.observation;
                    smallest.failure = Failure {
                        observation,
                        expected,
                        observed,
                    };
                    smallest.inputs = inputs;
                }
            }
            more = if fails {
                drawn.simplify()
            } else {
                drawn.complicate()
            };
        }
        smallest
    }
}
