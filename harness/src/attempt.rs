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
use crate::judge::{Bindings, Judge, Judgement, Seen};
use crate::staging::{self, Circumstances};
use crate::undecided::Undecided;

/// Programs that shrinking one finding may run on a real clock, where time ends it sooner.
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
            Judgement::Pass | Judgement::Inconclusive(_) => None,
        }
    }
}

/// Draws inputs for each seed that meet every `assume`.
///
/// # Errors
/// When none of many draws does, or an `assume` has no value.
pub fn draw_all(judge: &Judge, check: &Check, seeds: &[Seed]) -> Result<Vec<Inputs>, Undecided> {
    let mut seeds = seeds.to_vec();
    let mut drawn: Vec<Option<Inputs>> = seeds.iter().map(|_| None).collect();
    for _ in 0..DRAWS {
        let (mut tried, mut values) = (Vec::new(), Vec::new());
        for (place, seed) in seeds.iter_mut().enumerate() {
            if drawn[place].is_none() {
                let inputs = Inputs::draw(&check.forall, seed).map_err(Undecided::by_the_pack)?;
                values.push(inputs.current());
                tried.push((place, inputs));
                // The next seed follows from this one, so that the draw stays the case's own.
                *seed = Sha256::digest(*seed).into();
            }
        }
        let values: Vec<_> = values.iter().collect();
        let met = judge.interpreter().meet(&check.assume, &values)?;
        for ((place, inputs), met) in tried.into_iter().zip(met) {
            drawn[place] = met.then_some(inputs);
        }
        if drawn.iter().all(Option::is_some) {
            return Ok(drawn.into_iter().flatten().collect());
        }
    }
    Err(Undecided::by_the_pack(format_args!(
        "no draw of {DRAWS} meets `assume`; loosen it or narrow `forall`"
    )))
}

/// Draws inputs that meet every `assume`.
///
/// # Errors
/// As [`draw_all`].
pub fn draw(judge: &Judge, check: &Check, seed: &Seed) -> Result<Inputs, Undecided> {
    let drawn = draw_all(judge, check, std::slice::from_ref(seed))?.pop();
    drawn.ok_or_else(|| Undecided::by_the_bench("nothing was drawn"))
}

/// Whether inputs meet every `assume`.
///
/// # Errors
/// When an `assume` has no value.
pub fn meets(judge: &Judge, check: &Check, inputs: &Bindings) -> Result<bool, Undecided> {
    let met = judge.interpreter().meet(&check.assume, &[inputs])?;
    Ok(met.iter().all(|met| *met))
}

/// What shrinking one finding may take.
pub enum Budget<'b> {
    /// Time on a real clock that all findings share: what it takes is taken off, and nothing is tried
    /// when it is used up.
    Time(&'b mut Duration),
    /// So many programs, on a virtual clock: whatever runs beside it, it comes to the same.
    Runs(u32),
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
    /// When a peer's expression has no value.
    pub fn scenario(&self, inputs: &Bindings) -> Result<Scenario, Undecided> {
        let interpreter = self.judge.interpreter();
        staging::scenario(self.case, self.check, inputs, interpreter)
    }

    /// What the judge makes of what was seen with these inputs.
    #[must_use]
    pub fn judged(&self, inputs: &Bindings, observation: Observation) -> Tried {
        let stdout = self.stdout(&observation);
        let seen = Seen {
            inputs,
            stdout: stdout.as_deref(),
            observation: &observation,
        };
        let judgement = self.judge.judge(self.check, seen);
        Tried {
            observation,
            judgement,
        }
    }

    /// What has to be printed, with its places filled as the session had them.
    #[must_use]
    pub fn stdout(&self, observation: &Observation) -> Option<String> {
        let stdout = self.check.expect.stdout.as_ref();
        stdout.map(|text| staging::filled(text, self.check, observation, self.case.wifi))
    }

    /// Runs it; the inner error says why that cannot be done.
    ///
    /// # Errors
    /// When the bench broke.
    pub async fn run<S: Session>(
        &self,
        session: &mut S,
        inputs: &Bindings,
    ) -> Result<Result<Tried, Undecided>, BenchError> {
        let scenario = match self.scenario(inputs) {
            Ok(scenario) => scenario,
            Err(undecided) => return Ok(Err(undecided)),
        };
        let observation = session.run(&scenario).await?;
        Ok(Ok(self.judged(inputs, observation)))
    }

    /// Looks for simpler inputs that fail, on the same target. A bench error ends the search
    /// with what was found so far, and the target is brought back; if that fails, the next
    /// case meets the same error and says so.
    pub async fn shrink<S: Session>(
        &self,
        session: &mut S,
        drawn: &mut Inputs,
        mut smallest: Smallest,
        mut budget: Budget<'_>,
    ) -> Smallest {
        let (mut left, most_runs) = match &budget {
            Budget::Time(in_all) => (SHRINK_TIME.min(**in_all), SHRINK_RUNS),
            // On a virtual clock only a program that computes to its deadline takes any time.
            Budget::Runs(_) if !smallest.failure.observation.took.is_zero() => (Duration::ZERO, 0),
            Budget::Runs(runs) => (SHRINK_TIME, *runs),
        };
        let mut more = drawn.simplify();
        while more && smallest.runs < most_runs && !left.is_zero() {
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
                if let Budget::Time(in_all) = &mut budget {
                    **in_all = in_all.saturating_sub(took);
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
