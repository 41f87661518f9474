//! Owns what a pack *is* once it has been read and found sound: items, clauses, checks.
//! Does not know YAML (`load` does), nor how a check is run.

use std::collections::BTreeSet;
use std::fmt;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::time::Duration;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::network::Network;
use crate::strategy::Strategy;
use crate::value::Value;

/// A spec: the items of one document, with the clauses that say what holds of them.
#[derive(Debug, Clone)]
pub struct Pack {
    /// Its name, as `waffle-nano-socket`.
    pub name: String,
    /// Its version, as `1.0.0`.
    pub version: String,
    /// What people call it.
    pub title: String,
    /// The module under test: imported as `socket` before every program but the documented ones.
    pub module: String,
    /// The document that it encodes.
    pub source: Source,
    /// SHA-256 over the names and bytes of its files, in lower-case hexadecimal digits.
    pub digest: String,
    /// The fixtures by name.
    pub fixtures: IndexMap<String, Fixture>,
    /// The items in the order of file names, and within a file as written.
    pub items: Vec<Item>,
}

impl Pack {
    /// Every clause with its item, in the pack's order.
    pub fn clauses(&self) -> impl Iterator<Item = (&Item, &Clause)> {
        self.items
            .iter()
            .flat_map(|item| item.clauses.iter().map(move |clause| (item, clause)))
    }
}

/// The document that a pack encodes.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its title.
    pub title: String,
    /// Where it was published, if that is known.
    pub url: Option<String>,
    /// SHA-256 of the text that was read, in lower-case hexadecimal digits.
    pub sha256: String,
    /// Its sections in their order, with the items that each documents: the inventory that
    /// coverage is measured against.
    pub sections: Vec<Section>,
}

/// A section of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its title.
    pub title: String,
    /// The ids of the items that it documents.
    pub items: Vec<String>,
}

/// A documented thing.
#[derive(Debug, Clone)]
pub struct Item {
    /// As `usocket.socket.recv`.
    pub id: String,
    /// What sort of thing it is.
    pub kind: ItemKind,
    /// As `recv(bufsize)`, where it can be called.
    pub signature: Option<String>,
    /// Whether it gives back what a target has few of: a failure of it explains those that come only
    /// after other programs.
    pub releases: bool,
    /// The section of the document that it stands in.
    pub section: Option<String>,
    /// One sentence on what it does.
    pub summary: String,
    /// Parameters by name.
    pub parameters: IndexMap<String, Parameter>,
    /// What it returns, in words.
    pub returns: Option<String>,
    /// What must hold of it.
    pub clauses: Vec<Clause>,
}

/// What sort of thing an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are the vocabulary")]
pub enum ItemKind {
    Constant,
    Listing,
    Function,
    Method,
    Example,
    Statement,
}

impl ItemKind {
    /// The word for it in YAML, records and reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            ItemKind::Constant => "constant",
            ItemKind::Listing => "listing",
            ItemKind::Function => "function",
            ItemKind::Method => "method",
            ItemKind::Example => "example",
            ItemKind::Statement => "statement",
        }
    }
}

/// A parameter of a function or method.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Its type in words.
    pub r#type: String,
    /// Its unit, where it has one.
    pub unit: Option<String>,
    /// Its default, where it can be left out.
    pub default: Option<String>,
    /// What it means.
    pub says: String,
}

/// One sentence about an item that can be tested.
#[derive(Debug, Clone)]
pub struct Clause {
    /// As `usocket.socket.recv/at-most-bufsize`.
    pub id: String,
    /// How much it weighs.
    pub level: Level,
    /// What it rests on.
    pub basis: Basis,
    /// The sentence.
    pub says: String,
    /// What target and bench must be able to do, the fixture's needs included.
    pub needs: BTreeSet<Capability>,
    /// How it is tested.
    pub check: Check,
    /// Where it is written.
    pub place: Place,
}

/// How much a clause weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename = "level", rename_all = "lowercase")]
pub enum Level {
    /// A target that fails it does not conform.
    Must,
    /// A target that fails it deviates from what users may expect.
    Should,
    /// Reported, and no more.
    May,
}

impl Level {
    /// The word for it in YAML, records and reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Level::Must => "must",
            Level::Should => "should",
            Level::May => "may",
        }
    }
}

/// What a clause rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename = "basis", rename_all = "lowercase")]
pub enum Basis {
    /// The document says it.
    Documented,
    /// An example shows it.
    Implied,
    /// The firmware family does it; the document is silent.
    Inherited,
    /// The document contradicts itself or its examples.
    Erratum,
}

impl Basis {
    /// The word for it in YAML, records and reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Basis::Documented => "documented",
            Basis::Implied => "implied",
            Basis::Inherited => "inherited",
            Basis::Erratum => "erratum",
        }
    }
}

/// What a target or its bench can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename = "capability", rename_all = "kebab-case")]
pub enum Capability {
    /// TCP between target and peers.
    Tcp,
    /// UDP between target and peers, on a network that loses, doubles and changes nothing.
    Udp,
    /// Raw sockets on the target, on such a network.
    Raw,
    /// Joining multicast groups, on such a network.
    Multicast,
    /// The `network` module with a Wi-Fi access point in reach.
    Wlan,
    /// `input()` fed by the harness.
    Stdin,
    /// A network whose latency, loss and order the harness rules.
    ShapedNetwork,
    /// A network that delivers every packet at once.
    PromptNetwork,
}

impl Capability {
    /// Every capability there is.
    pub const ALL: [Capability; 8] = [
        Capability::Tcp,
        Capability::Udp,
        Capability::Raw,
        Capability::Multicast,
        Capability::Wlan,
        Capability::Stdin,
        Capability::ShapedNetwork,
        Capability::PromptNetwork,
    ];

    /// The word for it in YAML, records and reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Capability::Tcp => "tcp",
            Capability::Udp => "udp",
            Capability::Raw => "raw",
            Capability::Multicast => "multicast",
            Capability::Wlan => "wlan",
            Capability::Stdin => "stdin",
            Capability::ShapedNetwork => "shaped-network",
            Capability::PromptNetwork => "prompt-network",
        }
    }
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// How a clause is tested: a program for the target, scripts for the peers, and what must
/// hold of what was seen.
#[derive(Debug, Clone)]
pub struct Check {
    /// What the check is called.
    pub kind: CheckKind,
    /// The names that are bound to generated values, with their strategies.
    pub forall: IndexMap<String, Strategy>,
    /// Conditions on the generated values; a case that misses one is drawn anew.
    pub assume: Vec<Expression>,
    /// The fixture that the program starts from.
    pub using: Option<String>,
    /// The fixture's part of the program; empty without one. It runs right before `program`
    /// in the same namespace.
    pub setup: String,
    /// The clause's own program, as the target gets it (places not yet filled).
    pub program: String,
    /// Whether the program is the document's own: then nothing is put before it, neither the
    /// import nor bindings, and its places are filled instead.
    pub verbatim: bool,
    /// Places of a documented program with their documented values.
    pub places: IndexMap<PlaceName, String>,
    /// Peer scripts by name, the fixture's steps first.
    pub peers: IndexMap<String, Vec<PeerStep>>,
    /// The lines that the program gets from `input()`, without line ends.
    pub input: Vec<String>,
    /// Whether the program runs until it is interrupted, which is done when every peer has
    /// finished its script.
    pub endless: bool,
    /// Whether the program uses the name `port`: a free port of the target.
    pub uses_port: bool,
    /// Whether the program uses the name `second_port`: another free port of the target.
    pub uses_second_port: bool,
    /// The names that the program observes, its fixture's included: what else a target reports is
    /// no answer to it.
    pub observes: BTreeSet<String>,
    /// What the network does to packets.
    pub network: Network,
    /// What must hold.
    pub expect: Expectation,
    /// How long the program may take, beyond what it says it waits.
    pub deadline: Duration,
    /// Real time that a case is known to spend waiting.
    pub waits: Duration,
}

/// The kinds of check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CheckKind {
    /// A value out of a table of the document.
    Table,
    /// One program and what it shows.
    Example,
    /// A program that must hold for all generated inputs.
    Property,
}

impl CheckKind {
    /// The word for it in records and reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            CheckKind::Table => "table",
            CheckKind::Example => "example",
            CheckKind::Property => "property",
        }
    }
}

/// A Python expression of the pack, which the harness evaluates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expression {
    /// Its text.
    pub text: String,
    /// The line of the clause's file on which it stands, from 1.
    pub line: usize,
}

impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// What must hold of what was seen.
#[derive(Debug, Clone, Default)]
pub struct Expectation {
    /// The exception that has to end the program; `None`: none may.
    pub raises: Option<Raises>,
    /// The exception that may end the program instead of all the rest.
    pub or_raises: Option<Raises>,
    /// The program's printed text, in documented values.
    pub stdout: Option<String>,
    /// Expressions that must be true, over generated, observed and peers' names.
    pub holds: Vec<Expression>,
}

/// An exception that is expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raises {
    /// The built-in exception that must catch it.
    pub kind: String,
    /// The error numbers that it may carry; empty: any.
    pub errnos: Vec<i64>,
}

impl fmt::Display for Raises {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.kind)?;
        if self.errnos.is_empty() {
            return Ok(());
        }
        let numbers: Vec<_> = self.errnos.iter().map(i64::to_string).collect();
        write!(f, " with errno {}", numbers.join(" or "))
    }
}

/// A port of the target that the bench finds for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TargetPort {
    /// `port`.
    First,
    /// `second_port`.
    Second,
}

/// What a peer does next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PeerStep {
    /// Opens a listening TCP socket, before the program starts. Its address is bound to the
    /// peer's name in the program.
    Listen,
    /// Takes one connection; its address can be observed as a tuple.
    Accept {
        /// The name under which the connection's remote address is observed.
        name: Option<String>,
    },
    /// Connects to a port of the target, trying again while that refuses.
    Connect {
        /// Which port.
        to: TargetPort,
        /// The name under which the peer's own address is observed.
        name: Option<String>,
    },
    /// Sends what the expression gives.
    Send(Expression),
    /// Receives until there are so many bytes. A stream that ends before ends the script.
    ReceiveBytes {
        /// How many.
        count: Expression,
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
    /// Takes a TCP port on which nobody listens, before the program starts. Its address is bound
    /// to the peer's name in the program.
    Refuse,
    /// Opens a UDP socket, before the program starts. Its address is bound to the peer's name in
    /// the program.
    Bind,
    /// Takes the next datagram.
    ReceiveFrom {
        /// The name under which its bytes are observed.
        name: Option<String>,
        /// The name under which its sender's address is observed.
        from: Option<String>,
    },
    /// Sends one datagram to whoever the last one came from.
    Reply(Expression),
    /// Sends a datagram to the target's `port`, again and again until an answer comes, and takes
    /// the answer.
    Ask {
        /// The datagram.
        data: Expression,
        /// The name under which the answer's bytes are observed.
        name: Option<String>,
        /// The name under which the answer's sender is observed.
        from: Option<String>,
    },
    /// Sends one datagram to a group, on the target's `port`.
    Multicast {
        /// The group's address.
        group: Ipv4Addr,
        /// The datagram.
        data: Expression,
    },
    /// Does nothing. The target may do without the steps after it.
    Optional,
}

impl PeerStep {
    /// Whether it is about datagrams, which a network may lose for good.
    #[must_use]
    pub fn is_of_datagrams(&self) -> bool {
        matches!(
            self,
            PeerStep::Bind
                | PeerStep::ReceiveFrom { .. }
                | PeerStep::Reply(_)
                | PeerStep::Ask { .. }
                | PeerStep::Multicast { .. }
        )
    }
}

/// A state that clauses start from. What it builds on is part of it already.
#[derive(Debug, Clone, Default)]
pub struct Fixture {
    /// What it gives, in a sentence.
    pub says: String,
    /// What target and bench must be able to do for it.
    pub needs: BTreeSet<Capability>,
    /// Python that brings the target there.
    pub target: String,
    /// What the peers do meanwhile, by name.
    pub peers: IndexMap<String, Vec<PeerStep>>,
}

/// A place in a documented program that is filled with the bench's own value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PlaceName {
    /// The address of the peer.
    PeerAddress,
    /// The port that the peer listens on.
    PeerPort,
    /// The address that the target binds.
    TargetAddress,
    /// The port that the target listens on.
    TargetPort,
    /// The name of the wireless network in reach.
    WlanSsid,
    /// Its password.
    WlanPassword,
}

impl PlaceName {
    /// Every place there is.
    pub const ALL: [PlaceName; 6] = [
        PlaceName::PeerAddress,
        PlaceName::PeerPort,
        PlaceName::TargetAddress,
        PlaceName::TargetPort,
        PlaceName::WlanSsid,
        PlaceName::WlanPassword,
    ];

    /// The word for it in YAML.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            PlaceName::PeerAddress => "peer.address",
            PlaceName::PeerPort => "peer.port",
            PlaceName::TargetAddress => "target.address",
            PlaceName::TargetPort => "target.port",
            PlaceName::WlanSsid => "wlan.ssid",
            PlaceName::WlanPassword => "wlan.password",
        }
    }
}

/// A place in a file of the pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file, relative to the pack's folder.
    pub file: PathBuf,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file.display(), self.line, self.column)
    }
}

/// How a strategy's value may be shown: as the literal that the program gets.
#[must_use]
pub fn binding(name: &str, value: &Value) -> String {
    format!("{name} = {value}\n")
}
