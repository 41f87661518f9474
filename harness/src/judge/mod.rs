//! Owns the verdict on one case: what was observed, held against what the clause expects.
//! Does not run anything on a target, and never asks the target what it thinks: expressions
//! are evaluated here, in an interpreter of the harness's own.

mod evaluator;
mod names;

use std::fmt::Write as _;

use indexmap::IndexMap;
use trueline_adapters::observation::{Ending, Observation};
use trueline_spec::pack::{Check, Expression};
use trueline_spec::value::Value;

pub use evaluator::{Evaluator, ExpressionError};

/// Values by name: generated, observed, or seen by a peer.
pub type Bindings = IndexMap<String, Value>;

/// What the judge makes of an observation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judgement {
    /// What the clause says held.
    Pass,
    /// It did not.
    Fail {
        /// What should have been.
        expected: String,
        /// What was instead.
        observed: String,
    },
    /// The observation does not allow a verdict on the target.
    Inconclusive {
        /// Why, in a sentence.
        because: String,
    },
}

impl Judgement {
    fn fail(expected: impl Into<String>, observed: impl Into<String>) -> Self {
        Judgement::Fail {
            expected: expected.into(),
            observed: observed.into(),
        }
    }
}

/// Judges observations. Holds the interpreter and the expressions compiled so far.
#[derive(Default)]
pub struct Judge {
    evaluator: Evaluator,
}

impl Judge {
    /// The interpreter, for the expressions that make inputs.
    #[must_use]
    pub fn evaluator(&self) -> &Evaluator {
        &self.evaluator
    }

    /// Holds `observation` against what `check` expects. `stdout` is the expected text with
    /// its places filled.
    #[must_use]
    pub fn judge(
        &self,
        check: &Check,
        inputs: &Bindings,
        stdout: Option<&str>,
        observation: &Observation,
    ) -> Judgement {
        if let Some(judgement) = forged(check, observation) {
            return judgement;
        }
        if let Some(judgement) = ending(check, observation) {
            return judgement;
        }
        if let Some(expected) = stdout
            && observation.stdout != expected
        {
            return Judgement::fail(
                format!("the program prints {}", quoted(expected)),
                format!("it printed {}", quoted(&observation.stdout)),
            );
        }
        match self.expressions(&check.expect.holds, inputs, observation) {
            Judgement::Pass => peers_missed_nothing(check, observation),
            judgement => judgement,
        }
    }

    fn expressions(
        &self,
        holds: &[Expression],
        inputs: &Bindings,
        observation: &Observation,
    ) -> Judgement {
        if holds.is_empty() {
            return Judgement::Pass;
        }
        // What the target reports comes first, so that nothing of it can take the place of an
        // input, or of what a peer saw.
        let mut known = observation.values.clone();
        for peer in &observation.peers {
            known.extend(peer.values.clone());
        }
        known.extend(inputs.clone());
        known.insert(
            "elapsed".into(),
            Value::Float(observation.elapsed.as_secs_f64()),
        );
        known.insert("stdout".into(), Value::Text(observation.stdout.clone()));

        let scope = self.evaluator.scope(&known);
        let (mut expected, mut observed) = (String::new(), String::new());
        for expression in holds {
            let seen = match self.evaluator.is_true(expression, &scope) {
                Ok(true) => continue,
                Ok(false) => self.evaluator.explain(expression, &scope),
                Err(ExpressionError::Unknown(name)) => match missing(&name, observation) {
                    Ok(seen) => seen,
                    Err(because) => return Judgement::Inconclusive { because },
                },
                Err(ExpressionError::Raised(error)) => {
                    format!(
                        "{}\n(evaluating it raised {error})",
                        self.evaluator.explain(expression, &scope)
                    )
                }
            };
            writeln!(expected, "{expression}").expect("writing to a String cannot fail");
            for line in seen
                .lines()
                .filter(|line| !observed.lines().any(|said| said == *line))
                .collect::<Vec<_>>()
            {
                writeln!(observed, "{line}").expect("writing to a String cannot fail");
            }
        }
        if expected.is_empty() {
            return Judgement::Pass;
        }
        Judgement::fail(expected.trim_end(), observed.trim_end())
    }
}

/// That the target reported what its program does not observe: no program of the pack did that.
fn forged(check: &Check, observation: &Observation) -> Option<Judgement> {
    let mut reported = observation.values.keys();
    let name = reported.find(|name| !check.observes.contains(*name))?;
    Some(Judgement::fail(
        "the target reports only what the program observes",
        format!("it reported `{name}`, which the program does not observe"),
    ))
}

/// What it means for a program that did as expected that a peer was left waiting for it. Where an
/// exception has to end the program, or the clause's own network loses what is sent, peers may be.
fn peers_missed_nothing(check: &Check, observation: &Observation) -> Judgement {
    let may_miss = check.expect.raises.is_some() || !check.network.is_reliable();
    let missed = observation.peers.iter().any(|peer| peer.missed);
    if may_miss || !missed {
        return Judgement::Pass;
    }
    Judgement::fail(
        "the peers finish their scripts",
        "one did not".to_owned() + &waiting_peers(observation),
    )
}

/// The verdict that the way the program ended decides by itself, if it does.
fn ending(check: &Check, observation: &Observation) -> Option<Judgement> {
    if check.endless {
        return endless(check, observation);
    }
    match (&observation.ending, &check.expect.raises) {
        (Ending::Interrupted | Ending::Stopped, _) => Some(Judgement::fail(
            format!("the program ends within {:?}", check.deadline + check.waits),
            "it was still running then and was interrupted".to_owned()
                + &waiting_peers(observation),
        )),
        (Ending::Finished, None) => None,
        (Ending::Finished, Some(raises)) => Some(Judgement::fail(
            format!("{raises} ends the program"),
            "no exception was raised",
        )),
        (Ending::Raised(exception), None) => Some(Judgement::fail(
            "no exception ends the program",
            format!("{exception}"),
        )),
        (Ending::Raised(exception), Some(raises)) => {
            let right_number = raises.errnos.is_empty()
                || exception
                    .errno
                    .is_some_and(|errno| raises.errnos.contains(&errno));
            if exception.is(&raises.kind) && right_number {
                return None;
            }
            Some(Judgement::fail(
                format!("{raises} ends the program"),
                format!("{exception}"),
            ))
        }
    }
}

/// The same for a program that runs until it is interrupted.
fn endless(check: &Check, observation: &Observation) -> Option<Judgement> {
    let limit = check.deadline + check.waits;
    let forever = "the program runs until it is interrupted";
    match &observation.ending {
        Ending::Stopped if waiting_peers(observation).is_empty() => None,
        Ending::Stopped => Some(Judgement::fail(
            "the peers finish their scripts, while the program runs",
            "one broke off".to_owned() + &waiting_peers(observation),
        )),
        Ending::Interrupted => Some(Judgement::fail(
            format!("the peers finish their scripts within {limit:?}, while the program runs"),
            "they had not finished then".to_owned() + &waiting_peers(observation),
        )),
        Ending::Finished => Some(Judgement::fail(
            forever,
            "it ended by itself".to_owned() + &waiting_peers(observation),
        )),
        Ending::Raised(exception) => Some(Judgement::fail(
            forever,
            format!("{exception} ended it") + &waiting_peers(observation),
        )),
    }
}

/// What it means that `name` is not known: `Ok` is what was seen, as a failure of the target;
/// `Err` is why nothing can be said.
fn missing(name: &str, observation: &Observation) -> Result<String, String> {
    let stopped = waiting_peers(observation);
    if !stopped.is_empty() {
        return Ok(format!("`{name}` was never seen{stopped}"));
    }
    if let Ending::Raised(exception) = &observation.ending {
        return Ok(format!(
            "`{name}` was never observed; the program ended with {exception}"
        ));
    }
    Err(format!(
        "the program ended without an exception and without reporting `{name}`"
    ))
}

fn waiting_peers(observation: &Observation) -> String {
    observation
        .peers
        .iter()
        .filter_map(|peer| {
            peer.stopped
                .as_ref()
                .map(|why| format!("; {}: {why}", peer.name))
        })
        .collect()
}

fn quoted(text: &str) -> String {
    trueline_spec::value::text_literal(text)
}
