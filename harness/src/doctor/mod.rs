//! Owns the examination of a bench before anything is tested on it: what is examined, in which
//! order, and what is done when the target goes away in the middle. Judges no clause, and prints
//! nothing.
//!
//! `patient` runs the programs, `line` examines the way to the target, `board` what it has, and
//! `network` the ways between target and peers.

mod board;
mod line;
mod network;
mod patient;

use std::time::Instant;

use trueline_adapters::error::BenchError;
use trueline_adapters::open_with;
use trueline_adapters::patience::Patience;
use trueline_adapters::target::Target;
use trueline_spec::pack::Pack;

use self::patient::Patient;

/// What is examined, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Examination {
    /// Whether the target opens.
    Link,
    /// How programs are sent.
    Repl,
    /// How long the smallest program takes.
    RoundTrip,
    /// How fast bytes get to the target.
    ToTarget,
    /// How fast bytes come from the target.
    FromTarget,
    /// Whether the target's time runs as the bench's does.
    Clock,
    /// Whether the module under test is there.
    Modules,
    /// How many sockets can be open at once.
    Sockets,
    /// A TCP connection that the target begins.
    TcpToPeer,
    /// A TCP connection that a peer begins.
    TcpFromPeer,
    /// A datagram that the target sends first.
    UdpToPeer,
    /// A datagram that a peer sends first.
    UdpFromPeer,
    /// Whether the pack's programs fit. It comes last: what does not fit leaves memory in pieces.
    Memory,
}

impl Examination {
    /// All of them.
    pub const ALL: [Examination; 13] = [
        Examination::Link,
        Examination::Repl,
        Examination::RoundTrip,
        Examination::ToTarget,
        Examination::FromTarget,
        Examination::Clock,
        Examination::Modules,
        Examination::Sockets,
        Examination::TcpToPeer,
        Examination::TcpFromPeer,
        Examination::UdpToPeer,
        Examination::UdpFromPeer,
        Examination::Memory,
    ];

    /// Its name in what is printed.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Examination::Link => "link",
            Examination::Repl => "repl",
            Examination::RoundTrip => "round-trip",
            Examination::ToTarget => "to-target",
            Examination::FromTarget => "from-target",
            Examination::Memory => "memory",
            Examination::Clock => "clock",
            Examination::Modules => "modules",
            Examination::Sockets => "sockets",
            Examination::TcpToPeer => "tcp-to-peer",
            Examination::TcpFromPeer => "tcp-from-peer",
            Examination::UdpToPeer => "udp-to-peer",
            Examination::UdpFromPeer => "udp-from-peer",
        }
    }
}

impl Examination {
    /// Whether it is of no use to a pack whose programs talk to nobody.
    fn is_of_the_network(self) -> bool {
        matches!(
            self,
            Examination::Sockets
                | Examination::TcpToPeer
                | Examination::TcpFromPeer
                | Examination::UdpToPeer
                | Examination::UdpFromPeer
        )
    }
}

/// Whether any clause of the pack has a peer.
fn has_peers(pack: &Pack) -> bool {
    let mut clauses = pack.clauses();
    clauses.any(|(_, clause)| !clause.check.peers.is_empty())
}

/// What an examination found. The texts may hold what a target said, as it said it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// It is as it should be.
    Sound(String),
    /// Something has to be mended.
    Problem {
        /// What was seen.
        says: String,
        /// What to do.
        remedy: String,
    },
    /// It cannot be examined, for this reason.
    NotExamined(String),
}

impl Found {
    fn problem(says: impl Into<String>, remedy: impl Into<String>) -> Self {
        Found::Problem {
            says: says.into(),
            remedy: remedy.into(),
        }
    }
}

/// Opens the target and examines its bench for runs of the pack; `tell` hears each finding when it
/// is there, and `waits` what is waited for until the target opens.
pub async fn examine(
    target: &Target,
    pack: &Pack,
    waits: &dyn Fn(&str),
    tell: &mut dyn FnMut(Examination, Found),
) {
    let begun = Instant::now();
    let session = match open_with(target, 0, Patience::default(), waits).await {
        Ok(session) => session,
        Err(error) => {
            let found = Found::problem(error.to_string(), remedy(&error));
            tell(Examination::Link, found);
            let left = Examination::ALL[1..].iter();
            for examination in left.filter(|one| has_peers(pack) || !one.is_of_the_network()) {
                let because = "the target did not open".to_owned();
                tell(*examination, Found::NotExamined(because));
            }
            return;
        }
    };
    let mut patient = Patient::new(session, pack);
    tell(Examination::Link, line::link(&patient, begun.elapsed()));
    for examination in &Examination::ALL[1..] {
        if examination.is_of_the_network() && !has_peers(pack) {
            continue;
        }
        let found = match patient.is_lost() {
            true => Found::NotExamined("the target was lost before".to_owned()),
            false => examined(*examination, &mut patient).await,
        };
        tell(*examination, found);
    }
}

/// What to do about a target that does not open.
fn remedy(error: &BenchError) -> &'static str {
    match error {
        BenchError::Boot { .. } => {
            "make the boot file run to its end: try it at the target's own prompt, or leave it out"
        }
        BenchError::Gone(_) => {
            "start the target by hand, and see to it that it stays at its REPL's prompt"
        }
        BenchError::Silent(_) => {
            "see to it that the target is on, that nothing else runs there, and that its REPL is on \
             this line"
        }
        BenchError::Garbled(_) | BenchError::BadLine(_) => {
            "check the speed of the line (`baud` in the target's URL) and its wiring, and end what \
             else prints there or reads from it"
        }
        _ => "make the target open, as its error says; nothing can be examined without it",
    }
}

async fn examined(examination: Examination, patient: &mut Patient<'_>) -> Found {
    let found = match examination {
        Examination::Link => Ok(Found::Sound(String::new())),
        Examination::Repl => Ok(line::repl(patient)),
        Examination::RoundTrip => line::round_trip(patient).await,
        Examination::ToTarget => line::to_target(patient).await,
        Examination::FromTarget => line::from_target(patient).await,
        Examination::Memory => board::memory(patient).await,
        Examination::Clock => board::clock(patient).await,
        Examination::Modules => board::modules(patient).await,
        Examination::Sockets => board::sockets(patient).await,
        Examination::TcpToPeer => network::tcp_to_peer(patient).await,
        Examination::TcpFromPeer => network::tcp_from_peer(patient).await,
        Examination::UdpToPeer => network::udp_to_peer(patient).await,
        Examination::UdpFromPeer => network::udp_from_peer(patient).await,
    };
    // What keeps an examination from its end is a finding as well.
    found.unwrap_or_else(|found| found)
}
