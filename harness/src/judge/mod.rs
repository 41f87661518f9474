//! Owns the verdict on one case: what was observed, held against what the clause expects.
//! Does not run anything on a target, and never asks the target what it thinks: expressions
//! are evaluated by an interpreter of the harness's own, in a `worker` process that ends when one of
//! them takes too much. `interpreter` asks it, `evaluator` is what it does.

mod evaluator;
mod explanation;
mod interpreter;
mod names;
mod operation;
mod questions;
mod worker;

use std::fmt::Write as _;
use std::time::Duration;

use indexmap::IndexMap;
use trueline_adapters::observation::{Ending, Observation, PeerLog};
use trueline_adapters::span::Span;
use trueline_spec::pack::{Check, Expression, PeerStep, Raises};
use trueline_spec::value::{Exception, Value};
use trueline_spec::visible;

use crate::stop::Stop;
use crate::undecided::Undecided;
pub use interpreter::{ExpressionError, Held, Interpreter, Wanted, Wish};
use questions::Names;
pub use worker::serve;

/// The name by which expressions call how long the program took.
const ELAPSED: &str = "elapsed";

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
    Inconclusive(Undecided),
}

impl Judgement {
    fn fail(expected: impl Into<String>, observed: impl Into<String>) -> Self {
        Judgement::Fail {
            expected: expected.into(),
            observed: observed.into(),
        }
    }
}

/// Judges observations.
pub struct Judge {
    interpreter: Interpreter,
}

/// An observation that is to be judged.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// The inputs that it was made with.
    pub inputs: &'a Bindings,
    /// The text that has to be printed, with its places filled.
    pub stdout: Option<&'a str>,
    /// What was seen.
    pub observation: &'a Observation,
}

impl Judge {
    /// A judge that stops in the middle of an expression when the run is to stop.
    #[must_use]
    pub fn new(stop: Stop) -> Judge {
        Judge {
            interpreter: Interpreter::new(stop),
        }
    }

    /// The interpreter, for the expressions that make inputs.
    #[must_use]
    pub fn interpreter(&self) -> &Interpreter {
        &self.interpreter
    }

    /// Holds an observation against what `check` expects.
    #[must_use]
    pub fn judge(&self, check: &Check, seen: Seen<'_>) -> Judgement {
        let judgement = self.judge_all(check, &[seen]).pop();
        judgement.unwrap_or(Judgement::Pass)
    }

    /// Holds each of several observations against what `check` expects.
    #[must_use]
    pub fn judge_all(&self, check: &Check, seen: &[Seen<'_>]) -> Vec<Judgement> {
        let mut judgements: Vec<_> = seen.iter().map(|seen| by_itself(check, *seen)).collect();
        let holds = &check.expect.holds;
        let judges_time = holds.iter().any(uses_elapsed);
        let open = judgements.iter().zip(seen);
        let open: Vec<_> = open
            .filter(|(judgement, _)| judgement.is_none())
            .map(|(_, seen)| *seen)
            .collect();
        // What has a width is judged at both of its ends.
        let is_judged_twice =
            |seen: &Seen<'_>| judges_time && !seen.observation.elapsed.width().is_zero();
        let cases = open.iter().flat_map(|seen| {
            let elapsed = seen.observation.elapsed;
            let at_least = is_judged_twice(seen).then(|| known(*seen, elapsed.least()));
            [Some(known(*seen, elapsed.most())), at_least]
        });
        let mut held = match holds.is_empty() {
            true => Vec::new(),
            false => self.interpreter.hold(holds, cases.flatten().collect()),
        }
        .into_iter();
        for (judgement, seen) in judgements.iter_mut().zip(seen) {
            judgement.get_or_insert_with(|| {
                let at_most = held.next().unwrap_or_default();
                let at_least = is_judged_twice(seen).then(|| held.next()).flatten();
                match expressions(holds, at_most, at_least, seen.observation) {
                    Judgement::Pass => peers_finished(check, seen.observation),
                    judgement => judgement,
                }
            });
        }
        judgements.into_iter().flatten().collect()
    }
}

/// The verdict that needs no expression, if there is one.
fn by_itself(check: &Check, seen: Seen<'_>) -> Option<Judgement> {
    let printed = &seen.observation.stdout;
    let early = forged(check, seen.observation).or_else(|| ending(check, seen.observation));
    early.or_else(|| match seen.stdout {
        Some(expected) if printed != expected => Some(Judgement::fail(
            format!("the program prints {}", quoted(expected)),
            format!("it printed {}", quoted(printed)),
        )),
        _ => None,
    })
}

/// What expressions are evaluated over, for a program that took so long.
fn known(seen: Seen<'_>, elapsed: Duration) -> Names {
    let Seen {
        inputs,
        observation,
        ..
    } = seen;
    // What the target reports comes first, so that nothing of it can take the place of what a peer
    // saw; nor of an input, which stands apart.
    let mut observed = observation.values.clone();
    for peer in &observation.peers {
        observed.extend(peer.values.clone());
    }
    observed.insert(ELAPSED.into(), Value::Float(elapsed.as_secs_f64()));
    observed.insert("stdout".into(), Value::Text(observation.stdout.clone()));
    Names {
        given: inputs.clone(),
        observed,
    }
}

/// What it comes to that these expressions hold, or do not, over the longest time that the program
/// may have taken, and over the shortest where that is another one and matters. One that does not hold
/// decides, whatever keeps others from a verdict.
fn expressions(
    holds: &[Expression],
    at_most: Vec<Held>,
    at_least: Option<Vec<Held>>,
    observation: &Observation,
) -> Judgement {
    let elapsed = observation.elapsed;
    let mut at_least = at_least.map(Vec::into_iter);
    let (mut expected, mut observed) = (String::new(), String::new());
    let mut undecided = None;
    for (expression, held) in holds.iter().zip(at_most) {
        let other = at_least.as_mut().and_then(Iterator::next);
        let other = other.filter(|_| uses_elapsed(expression));
        match (&held, &other) {
            (_, None) | (Held::True, Some(Held::True)) => {}
            // Who measures a span may not hold its width against the target.
            (Held::True, _) | (_, Some(Held::True)) if !elapsed.is_wide() => continue,
            _ if elapsed.is_wide() => {
                let because = too_wide(elapsed, expression);
                undecided.get_or_insert(Undecided::by_the_bench(because));
                continue;
            }
            _ => {}
        }
        let seen = match held {
            Held::True => continue,
            Held::False(seen) => seen,
            Held::Unknown(name) => match missing(&name, observation) {
                Ok(seen) => seen,
                Err(because) => {
                    undecided.get_or_insert(Undecided::by_the_bench(because));
                    continue;
                }
            },
            Held::Raised { error, seen } => format!("{seen}\n(evaluating it raised {error})"),
            Held::Unsound(why) => {
                undecided.get_or_insert(Undecided::by_the_pack(format_args!(
                    "`expect: {expression}` (line {}) {why}, whatever the target does",
                    expression.line
                )));
                continue;
            }
            Held::GivenUp(why) => {
                undecided.get_or_insert(Undecided::by_the_judge(format_args!(
                    "`expect: {expression}` (line {}) {why}, with what was observed",
                    expression.line
                )));
                continue;
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
        return undecided.map_or(Judgement::Pass, Judgement::Inconclusive);
    }
    if let Some(Undecided { because, .. }) = undecided {
        writeln!(observed, "(and {because})").expect("writing to a String cannot fail");
    }
    Judgement::fail(expected.trim_end(), observed.trim_end())
}

fn uses_elapsed(expression: &Expression) -> bool {
    // Few do, and parsing takes longer than looking for the word.
    expression.text.contains(ELAPSED)
        && names::free(&expression.text)
            .iter()
            .any(|name| name == ELAPSED)
}

fn too_wide(elapsed: Span, expression: &Expression) -> String {
    format!(
        "the program took {elapsed}, and nothing more exact is known to judge `{expression}` by: \
         this machine was held up, or the line is slow and the target has no clock of its own; end \
         what keeps the machine busy, and run it again"
    )
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

/// What it means for a program that did as expected that a peer did not finish its script.
fn peers_finished(check: &Check, observation: &Observation) -> Judgement {
    let stopped = stopped_peers(check, observation);
    match stopped.is_empty() {
        true => Judgement::Pass,
        false => Judgement::fail(
            "the peers finish their scripts",
            "one did not".to_owned() + &stopped,
        ),
    }
}

/// Where peers were stopped that had to finish their scripts: behind `optional` none has to, nor
/// where the clause's own network may have lost the datagram for good.
fn stopped_peers(check: &Check, observation: &Observation) -> String {
    let has_to_finish = |peer: &&PeerLog| {
        let script = check.peers.get(&peer.name).map_or(&[][..], Vec::as_slice);
        let (done, left) = script.split_at(peer.finished.min(script.len()));
        let is_lost = |step: &PeerStep| step.is_of_datagrams() && !check.network.is_reliable();
        !done.contains(&PeerStep::Optional) && !left.first().is_some_and(is_lost)
    };
    told(observation.peers.iter().filter(has_to_finish))
}

/// The verdict that the way the program ended decides by itself, if it does.
fn ending(check: &Check, observation: &Observation) -> Option<Judgement> {
    if check.endless {
        return endless(check, observation);
    }
    if let (Ending::Raised(exception), Some(raises)) =
        (&observation.ending, &check.expect.or_raises)
        && is_expected(exception, raises)
    {
        return Some(peers_finished(check, observation));
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
            if is_expected(exception, raises) {
                return None;
            }
            Some(Judgement::fail(
                format!("{raises} ends the program"),
                format!("{exception}"),
            ))
        }
    }
}

fn is_expected(exception: &Exception, raises: &Raises) -> bool {
    let right_number = raises.errnos.is_empty()
        || exception
            .errno
            .is_some_and(|errno| raises.errnos.contains(&errno));
    exception.is(&raises.kind) && right_number
}

/// The same for a program that runs until it is interrupted.
fn endless(check: &Check, observation: &Observation) -> Option<Judgement> {
    let limit = check.deadline + check.waits;
    let forever = "the program runs until it is interrupted";
    match &observation.ending {
        Ending::Stopped if stopped_peers(check, observation).is_empty() => None,
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
    told(observation.peers.iter())
}

/// Where these peers were stopped, if they were.
fn told<'a>(peers: impl Iterator<Item = &'a PeerLog>) -> String {
    peers
        .filter_map(|peer| {
            peer.stopped
                .as_ref()
                .map(|why| format!("; {}: {why}", peer.name))
        })
        .collect()
}

fn quoted(text: &str) -> String {
    let literal = trueline_spec::value::text_literal(text);
    visible::cut(&literal, visible::LONGEST).into_owned()
}
