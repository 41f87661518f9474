//! Owns what the planned cases of a run are tried with: the judge, the inputs that a case has, the
//! circumstances of its scenario. Runs nothing.

use trueline_adapters::observation::Observation;
use trueline_adapters::scenario::Scenario;
use trueline_adapters::wifi::Wifi;
use trueline_spec::pack::Check;

use crate::attempt::{Attempt, Tried, draw_all, meets};
use crate::generate::Inputs;
use crate::judge::{Bindings, Judge, Seen};
use crate::plan::{Plan, PlannedCase, PlannedInputs};
use crate::staging::{self, Circumstances};
use crate::undecided::Undecided;

/// What the cases of a plan are tried with.
pub struct Cases<'r> {
    /// The plan.
    pub plan: &'r Plan<'r>,
    /// The wireless network in the stead of the document's.
    pub wifi: Option<&'r Wifi>,
    /// Who decides.
    pub judge: Judge,
    /// Whether packets are kept.
    pub capture: bool,
}

/// The inputs of a case, and how to make them simpler where that can be done.
pub struct Given {
    /// Where they come from, if they were drawn.
    pub drawn: Option<Inputs>,
    /// The inputs.
    pub now: Bindings,
}

impl Cases<'_> {
    /// What tries a case.
    pub fn attempt<'c>(&'c self, check: &'c Check, case: &'c PlannedCase) -> Attempt<'c> {
        Attempt {
            case: Circumstances {
                name: &case.id,
                module: &self.plan.pack.module,
                seed: case.seed,
                capture: self.capture,
                wifi: self.wifi,
            },
            judge: &self.judge,
            check,
        }
    }

    /// The inputs of a case.
    ///
    /// # Errors
    /// When there are none, be it the fault of the pack or of regressions.yaml.
    pub fn inputs(&self, check: &Check, case: &PlannedCase) -> Result<Given, Undecided> {
        let given = self.inputs_of_all(check, std::slice::from_ref(case))?.pop();
        given.ok_or_else(|| Undecided::by_the_bench("nothing was drawn"))
    }

    /// The inputs of several cases of a check.
    ///
    /// # Errors
    /// As [`Cases::inputs`].
    pub fn inputs_of_all(
        &self,
        check: &Check,
        cases: &[PlannedCase],
    ) -> Result<Vec<Given>, Undecided> {
        let judge = &self.judge;
        let seeds: Vec<_> = cases
            .iter()
            .filter_map(|case| match &case.inputs {
                PlannedInputs::Drawn(seed) => Some(*seed),
                PlannedInputs::None | PlannedInputs::Recorded(_) => None,
            })
            .collect();
        let mut drawn = draw_all(judge, check, &seeds)?.into_iter();
        let given = |case: &PlannedCase| {
            Ok(match &case.inputs {
                PlannedInputs::None => Given {
                    drawn: None,
                    now: Bindings::new(),
                },
                PlannedInputs::Recorded(inputs) if !meets(judge, check, inputs)? => {
                    return Err(Undecided::by_the_bench(
                        "the inputs that failed in an earlier run do not meet `assume` any more; \
                         remove them from regressions.yaml",
                    ));
                }
                PlannedInputs::Recorded(inputs) => Given {
                    drawn: None,
                    now: inputs.clone(),
                },
                PlannedInputs::Drawn(_) => {
                    let drawn = drawn.next();
                    let none = || Undecided::by_the_bench("nothing was drawn");
                    let drawn = drawn.ok_or_else(none)?;
                    Given {
                        now: drawn.current(),
                        drawn: Some(drawn),
                    }
                }
            })
        };
        cases.iter().map(given).collect()
    }

    /// The scenarios of several cases of a check with these inputs.
    ///
    /// # Errors
    /// When a peer's expression gives no value.
    pub fn scenarios(
        &self,
        check: &Check,
        cases: &[PlannedCase],
        given: &[Given],
    ) -> Result<Vec<Scenario>, Undecided> {
        let staged: Vec<_> = cases
            .iter()
            .zip(given)
            .map(|(case, given)| (self.attempt(check, case).case, &given.now))
            .collect();
        staging::scenarios(&staged, check, self.judge.interpreter())
    }

    /// What the judge makes of what was seen of several cases of a check with these inputs.
    pub fn judged(
        &self,
        check: &Check,
        cases: &[PlannedCase],
        given: &[Given],
        observations: Vec<Observation>,
    ) -> Vec<Tried> {
        let ran = || cases.iter().zip(given).zip(&observations);
        let stdouts: Vec<_> = ran()
            .map(|((case, _), observation)| self.attempt(check, case).stdout(observation))
            .collect();
        let seen: Vec<_> = ran()
            .zip(&stdouts)
            .map(|(((_, given), observation), stdout)| Seen {
                inputs: &given.now,
                stdout: stdout.as_deref(),
                observation,
            })
            .collect();
        let judgements = self.judge.judge_all(check, &seen);
        let tried = observations.into_iter().zip(judgements);
        tried
            .map(|(observation, judgement)| Tried {
                observation,
                judgement,
            })
            .collect()
    }
}
