//! Owns what a session saw: the target's doing, exceptions included, and the peers'.
//! Never holds what broke in the bench; that is [`crate::error::BenchError`].

use std::net::{Ipv4Addr, SocketAddrV4};
use std::time::Duration;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use trueline_spec::value::{Exception, Value};

pub use crate::sim::Capture;
use crate::span::Span;

/// What the target and its peers did in one scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// What the program reported with `observe(name=value)`; the last report of a name counts.
    pub values: IndexMap<String, Value>,
    /// What else it printed, with `\n` as line end; bytes that are no UTF-8 are replaced.
    pub stdout: String,
    /// How the program ended.
    pub ending: Ending,
    /// What each peer did and saw.
    pub peers: Vec<PeerLog>,
    /// The program as it was sent, places filled.
    pub program: String,
    /// What filled its places.
    pub places: Places,
    /// The harness's own measure, from the last byte of the program to its answer: no clock beside
    /// the target can tell it more exactly than within bounds.
    pub elapsed: Span,
    /// How long the whole scenario took, the peers' grace included. Where time is virtual, what
    /// had to be waited for a program that only computes.
    pub took: Duration,
    /// Bytes sent and received on the line for it.
    pub wire_bytes: u64,
    /// How often the program was sent until its answer came whole.
    pub sent: u32,
    /// The packets, where they can be seen and were asked for.
    pub capture: Option<Capture>,
}

/// What the places of a program were filled with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Places {
    /// The target's address.
    pub target: Ipv4Addr,
    /// The port that the target was given to listen on; `None` when it needed none.
    pub port: Option<u16>,
    /// Another one; `None` when it needed none.
    pub second_port: Option<u16>,
    /// Where each listening peer listened, by name.
    pub listeners: Vec<(String, SocketAddrV4)>,
}

/// How a program ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Ending {
    /// It ran to its end.
    Finished,
    /// An exception ended it.
    Raised(Exception),
    /// It was still running when its deadline had passed, and the interrupt ended it.
    Interrupted,
    /// It was an endless program, and the interrupt ended it when every peer had finished its
    /// script.
    Stopped,
}

/// What one peer did and saw.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PeerLog {
    /// Its name.
    pub name: String,
    /// What it observed, by the names of its script.
    pub values: IndexMap<String, Value>,
    /// How many steps of its script it finished.
    pub finished: usize,
    /// Why it did not finish the next one, in a sentence; `None` when it finished all.
    pub stopped: Option<String>,
    /// Whether it was left waiting for the end of a stream.
    pub awaits_end: bool,
}
