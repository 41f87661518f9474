//! Owns what a session is asked to run: everything concrete, nothing left to evaluate.
//! Does not know clauses, levels or expectations.

use std::net::Ipv4Addr;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use trueline_spec::network::Network;
use trueline_spec::pack::TargetPort;

/// One run of one program on the target, with what its peers do meanwhile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scenario {
    /// What it is called in captures and messages: the case's id.
    pub name: String,
    /// The program for the target. Peers' addresses and the target's port are not in it yet:
    /// see [`Program`].
    pub program: Program,
    /// The peers, in the order in which their names were written.
    pub peers: Vec<Peer>,
    /// The lines that the program gets from its input, without line ends.
    pub input: Vec<String>,
    /// Whether the program runs until it is interrupted: when every peer has finished its script.
    pub endless: bool,
    /// Whether a bound program uses `port`.
    pub uses_port: bool,
    /// Whether a bound program uses `second_port`.
    pub uses_second_port: bool,
    /// How long the program may take before it is interrupted.
    pub deadline: Duration,
    /// For how long of this it waits because it was told to.
    pub waits: Duration,
    /// What is going to be judged of it apart from what it and its peers observe.
    pub judged: Judged,
    /// Whether other scenarios follow that differ in their bindings only.
    pub recurs: bool,
    /// What only a simulated bench heeds.
    pub simulation: Simulation,
}

impl Scenario {
    /// A program without peers, of which nothing is judged but what it observes.
    #[must_use]
    pub fn alone(name: &str, opening: &str, body: String, deadline: Duration) -> Scenario {
        Scenario {
            name: name.to_owned(),
            program: Program::Bound {
                opening: opening.to_owned(),
                bindings: String::new(),
                setup: String::new(),
                body,
            },
            peers: Vec::new(),
            input: Vec::new(),
            endless: false,
            uses_port: false,
            uses_second_port: false,
            deadline,
            waits: Duration::ZERO,
            judged: Judged::default(),
            recurs: false,
            simulation: Simulation::default(),
        }
    }
}

/// What is going to be judged of a program apart from what it and its peers observe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Judged {
    /// What it prints.
    pub output: bool,
    /// How long it takes.
    pub elapsed: bool,
}

/// What a simulated bench can do and others cannot.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Simulation {
    /// What the network does to packets.
    pub network: Network,
    /// What happens by chance follows from it.
    pub seed: u64,
    /// The ports of a documented program: they are free there.
    pub documented: DocumentedPorts,
    /// Whether the packets are kept.
    pub capture: bool,
}

/// The ports that a documented program names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct DocumentedPorts {
    /// The peer's.
    pub peer: Option<u16>,
    /// The target's.
    pub target: Option<u16>,
}

/// A program whose addresses are known only when the peers listen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Program {
    /// `opening` and `bindings`, then a line `NAME = ('ADDRESS', PORT)` for each peer that has an
    /// address of its own and a line `port = N` or `second_port = N` where that port of the target is
    /// needed, then `setup` and `body`. Each is empty or whole lines. What programs have in common need not be sent or
    /// compiled for each where that can be spared.
    Bound {
        /// The import, which all programs of a pack have in common.
        opening: String,
        /// What differs from case to case.
        bindings: String,
        /// What a clause has in common with others.
        setup: String,
        /// The clause's own program.
        body: String,
    },
    /// A documented program: each piece stands as it is, places are filled in between.
    Verbatim(Vec<Piece>),
}

/// A piece of a documented program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Piece {
    /// Text as it stands.
    Text(String),
    /// A value in the stead of the documented one, as it has to stand between quotes.
    Value(String),
    /// The address of the named peer, without quotes.
    PeerAddress(String),
    /// The port on which the named peer listens.
    PeerPort(String),
    /// The address that the target binds, without quotes.
    TargetAddress,
    /// The port that the target listens on.
    TargetPort,
}

/// The network as the session has it: what fills the places of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addresses {
    /// Where peers reach the target.
    pub target: Ipv4Addr,
    /// Where the target reaches the peers.
    pub peer: Ipv4Addr,
}

/// A host that the target talks to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Peer {
    /// Its name; in a bound program also the name of its address.
    pub name: String,
    /// What it does, in order.
    pub script: Vec<Step>,
}

/// What a peer does next. The steps of `trueline_spec::pack::PeerStep`, with values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Step {
    /// Opens a listening TCP socket, before the program starts.
    Listen,
    /// Takes one connection; observes its address as `(address, port)`.
    Accept {
        /// The name under which the address is observed.
        name: Option<String>,
    },
    /// Connects to a port of the target, trying again while that refuses.
    Connect {
        /// Which port.
        to: TargetPort,
        /// The name under which the peer's own `(address, port)` is observed.
        name: Option<String>,
    },
    /// Sends all of it.
    Send(#[serde(with = "serde_bytes")] Vec<u8>),
    /// Receives until there are so many bytes. A stream that ends before ends the script.
    ReceiveBytes {
        /// How many.
        count: usize,
        /// The name under which they are observed.
        name: Option<String>,
    },
    /// Receives until the end of the stream.
    ReceiveUntilEof {
        /// The name under which what came is observed.
        name: Option<String>,
    },
    /// Does nothing for a while.
    Pause(Duration),
    /// Ends its own direction of the stream.
    Shutdown,
    /// Closes the connection in good order.
    Close,
    /// Breaks the connection off with a reset.
    Reset,
    /// Takes a TCP port on which nobody listens, before the program starts.
    Refuse,
    /// Opens a UDP socket, before the program starts.
    Bind,
    /// Takes the next datagram.
    ReceiveFrom {
        /// The name under which its bytes are observed.
        name: Option<String>,
        /// The name under which its sender's `(address, port)` is observed.
        from: Option<String>,
    },
    /// Sends one datagram to whoever the last one came from.
    Reply(#[serde(with = "serde_bytes")] Vec<u8>),
    /// Sends a datagram to the target's port, again and again until an answer comes.
    Ask {
        /// The datagram.
        #[serde(with = "serde_bytes")]
        data: Vec<u8>,
        /// The name under which the answer's bytes are observed.
        name: Option<String>,
        /// The name under which the answer's sender is observed.
        from: Option<String>,
    },
    /// Sends one datagram to a group, on the target's port.
    Multicast {
        /// The group's address.
        group: Ipv4Addr,
        /// The datagram.
        #[serde(with = "serde_bytes")]
        data: Vec<u8>,
    },
    /// Does nothing. The target may do without the steps after it.
    Optional,
}
