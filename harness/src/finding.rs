//! Owns what is put on record of a failing case. Runs nothing.

use std::collections::BTreeMap;

use trueline_adapters::observation::{Ending, Observation, PeerLog};
use trueline_adapters::scenario::Scenario;
use trueline_reports::record::{Finding, Sign};
use trueline_spec::value::{Exception, Value};
use trueline_spec::visible;

use crate::attempt::Smallest;
use crate::judge::Bindings;
use crate::loss::{self, Loss};

/// What is known of a failure beside itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It comes alone on a target that has just started.
    Alone,
    /// It comes only after other cases.
    After {
        /// How many.
        cases: usize,
        /// Their programs and its own.
        program: String,
    },
    /// It was not run again, for this reason.
    Unconfirmed(String),
}

/// The finding that the smallest failing inputs show; `first` are the inputs that failed at
/// first.
#[must_use]
pub fn finding(smallest: Smallest, first: &Bindings, standing: Standing) -> Finding {
    let failure = smallest.failure;
    let observation = failure.observation;
    let sign = sign(&observation);
    let (after, program, unconfirmed) = match standing {
        Standing::Alone => (None, observation.program, None),
        Standing::After { cases, program } => (Some(cases), program, None),
        Standing::Unconfirmed(because) => (None, observation.program, Some(because)),
    };
    Finding {
        expected: failure.expected,
        observed: failure.observed,
        inputs: literals(&smallest.inputs),
        found_with: (smallest.inputs != *first).then(|| literals(first)),
        shrink_runs: smallest.runs,
        program,
        stdout: observation.stdout,
        peers: observation.peers.iter().map(peer_line).collect(),
        after,
        unconfirmed,
        sign,
    }
}

/// The finding that a target is lost each time in a scenario; `detail` is what its session said.
#[must_use]
pub fn finding_of_a_loss(
    loss: Loss,
    detail: &str,
    scenario: &Scenario,
    inputs: &Bindings,
) -> Finding {
    Finding {
        expected: format!("the program ends within {:?}", scenario.deadline),
        observed: format!("{}\n{detail}", loss.observed()),
        inputs: literals(inputs),
        found_with: None,
        shrink_runs: 0,
        program: loss::text(&scenario.program),
        stdout: String::new(),
        peers: Vec::new(),
        after: None,
        unconfirmed: None,
        sign: None,
    }
}

fn sign(observation: &Observation) -> Option<Sign> {
    let ended_by = match &observation.ending {
        Ending::Raised(exception) => Some(exception),
        _ => None,
    };
    let outcomes = observation.values.values().filter_map(|value| match value {
        Value::Raised(exception) => Some(&**exception),
        _ => None,
    });
    if ended_by
        .into_iter()
        .chain(outcomes)
        .any(is_want_of_resources)
    {
        return Some(Sign::OutOfResources);
    }
    let awaits_end = observation.peers.iter().any(|peer| peer.awaits_end);
    awaits_end.then_some(Sign::NoEndOfStream)
}

/// Whether the target ran out of something. Ports number errors as they like, and most of them as
/// Linux and newlib do.
fn is_want_of_resources(exception: &Exception) -> bool {
    const WORDS: [&str; 4] = ["ENOMEM", "ENFILE", "EMFILE", "ENOBUFS"];
    const NUMBERS: [i64; 4] = [12, 23, 24, 105];
    exception.is("MemoryError")
        || exception
            .errno
            .is_some_and(|errno| NUMBERS.contains(&errno))
        || WORDS.iter().any(|word| exception.text.contains(word))
}

fn literals(inputs: &Bindings) -> BTreeMap<String, String> {
    inputs
        .iter()
        .map(|(name, value)| (name.clone(), value.to_string()))
        .collect()
}

fn peer_line(peer: &PeerLog) -> String {
    let seen: Vec<_> = peer
        .values
        .iter()
        .map(|(name, value)| {
            let value = value.to_string();
            format!("{name} = {}", visible::cut(&value, visible::LONGEST))
        })
        .collect();
    let seen = if seen.is_empty() {
        String::new()
    } else {
        format!("; saw {}", seen.join(", "))
    };
    match &peer.stopped {
        Some(why) => format!("{}: {why}{seen}", peer.name),
        None => format!("{}: finished its {} steps{seen}", peer.name, peer.finished),
    }
}
