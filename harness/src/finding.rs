//! Owns what is put on record of a failing case. Runs nothing.

use trueline_adapters::observation::PeerLog;
use trueline_reports::record::Finding;

use crate::attempt::Smallest;
use crate::judge::Bindings;

/// The finding that the smallest failing inputs show; `first` are the inputs that failed at
/// first.
#[must_use]
pub fn finding(smallest: Smallest, first: &Bindings) -> Finding {
    let literals = |inputs: &Bindings| {
        inputs
            .iter()
            .map(|(name, value)| (name.clone(), value.to_string()))
            .collect()
    };
    let failure = smallest.failure;
    let observation = failure.observation;
    Finding {
        expected: failure.expected,
        observed: failure.observed,
        inputs: literals(&smallest.inputs),
        found_with: (smallest.inputs != *first).then(|| literals(first)),
        shrink_runs: smallest.runs,
        program: observation.program,
        stdout: observation.stdout,
        peers: observation.peers.iter().map(peer_line).collect(),
    }
}

fn peer_line(peer: &PeerLog) -> String {
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
        Some(why) => format!("{}: {why}{seen}", peer.name),
        None => format!("{}: finished its {} steps{seen}", peer.name, peer.finished),
    }
}
