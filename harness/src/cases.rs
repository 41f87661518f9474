//! Owns what the planned cases of a run are tried with: the judge, the inputs that a case has, the
//! circumstances of its scenario. Runs nothing.

use trueline_adapters::wifi::Wifi;
use trueline_spec::pack::Check;

use crate::attempt::{Attempt, draw, meets};
use crate::generate::Inputs;
use crate::judge::{Bindings, Judge};
use crate::plan::{Plan, PlannedCase, PlannedInputs};
use crate::staging::Circumstances;

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
    /// When there are none: the fault of the pack or of regressions.yaml, in a sentence.
    pub fn inputs(&self, check: &Check, case: &PlannedCase) -> Result<Given, String> {
        let judge = &self.judge;
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
}
