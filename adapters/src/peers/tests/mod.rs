//! Owns the proof of the peers: what they do on the machine's own sockets, and that the engine
//! needs nothing but a [`PeerNet`](super::PeerNet), in a small network with a clock of its own.

mod datagrams;
mod loopback;
mod memory;
mod sentences;
mod splits;
mod virtual_time;

use std::time::Duration;

use trueline_spec::pack::TargetPort;
use trueline_spec::value::Value;

use crate::observation::PeerLog;
use crate::scenario::{Peer, Step};

fn peer(name: &str, script: impl IntoIterator<Item = Step>) -> Peer {
    Peer {
        name: name.to_owned(),
        script: script.into_iter().collect(),
    }
}

fn accept() -> Step {
    Step::Accept { name: None }
}

fn connect() -> Step {
    Step::Connect {
        to: TargetPort::First,
        name: None,
    }
}

fn send(data: impl Into<Vec<u8>>) -> Step {
    Step::Send(data.into())
}

fn receive(count: usize) -> Step {
    Step::ReceiveBytes {
        count,
        name: Some("got".to_owned()),
    }
}

fn receive_all() -> Step {
    Step::ReceiveUntilEof {
        name: Some("got".to_owned()),
    }
}

fn pause(milliseconds: u64) -> Step {
    Step::Pause(Duration::from_millis(milliseconds))
}

/// The only log there is.
fn only(logs: Vec<PeerLog>) -> PeerLog {
    let [log] = <[PeerLog; 1]>::try_from(logs).expect("the scenario has one peer");
    log
}

/// The bytes that the peer observed as `got`.
fn got(log: &PeerLog) -> Option<&[u8]> {
    match log.values.get("got")? {
        Value::Bytes(data) => Some(data),
        other => panic!("`got` is {other}"),
    }
}
