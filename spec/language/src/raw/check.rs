//! Owns the shape of a check: what stands under `property` and `example`.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::duration::Span;
use crate::field::{Field, Table, Words};
use crate::raw::{ExpectShape, StepShape};

/// A program for the target, scripts for its peers, and what must hold of what was seen.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, expecting = "a mapping")]
#[schemars(
    rename = "check",
    deny_unknown_fields,
    extend("required" = ["target", "expect"]),
    extend("not" = {"required": ["peer", "peers"]})
)]
pub(crate) struct CheckShape {
    /// Generated values: names with their strategies. Only in a `property`, which needs one.
    #[schemars(extend("minProperties" = 1))]
    pub forall: Field<Table<StrategyShape>>,
    /// Conditions on the generated values, Python expressions: a case that misses one is drawn
    /// anew. Only in a `property`.
    pub assume: Field<Vec<Field<Words>>>,
    /// The fixture that the check starts from: its needs, its peers' steps and its program go
    /// first.
    pub using: Field<String>,
    /// The steps of the one peer, which is called `peer`.
    #[schemars(extend("minItems" = 1))]
    pub peer: Field<Vec<Field<StepShape>>>,
    /// The steps of several peers by name.
    #[schemars(extend("minProperties" = 1))]
    pub peers: Field<Table<Vec<Field<StepShape>>>>,
    /// The lines that `input()` gives on the target, in their order, without line ends. Needs
    /// `stdin`.
    #[schemars(extend("minItems" = 1))]
    pub input: Field<Vec<Field<String>>>,
    /// Whether the program does not end by itself: it is interrupted when all peers have
    /// finished, and fails if it ended before. Only in an `example` with a peer and without
    /// `raises`.
    pub endless: Field<bool>,
    /// The Python program for the target. It has `socket`, `observe`, `outcome`, the generated
    /// names, `port` and `second_port` (ports of the target that nobody uses), and each peer's
    /// name as its address where it has one.
    pub target: Field<String>,
    /// What must hold: a list of Python expressions, or a mapping.
    pub expect: Field<ExpectShape>,
    /// What the network does to the packets between target and peers, both ways, by condition.
    /// Needs `shaped-network`.
    pub network: Field<NetworkShape>,
    /// How long a case waits by design, in real time. 0 s if it is left out.
    pub waits: Field<Span>,
    /// How long the program may take beyond what it waits. 5 s if it is left out.
    pub deadline: Field<Span>,
}

/// What the network does to packets. Without any condition each arrives at once, once, whole and
/// in order.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, expecting = "a mapping")]
#[schemars(rename = "network", deny_unknown_fields, extend("minProperties" = 1))]
pub(crate) struct NetworkShape {
    /// How long a packet travels, as `20ms`.
    pub latency: Field<Words>,
    /// How much longer it may travel at random, as `5ms`; packets stay in order.
    pub jitter: Field<Words>,
    /// How many packets do not arrive, as `5%`.
    pub loss: Field<Words>,
    /// How many packets arrive twice, as `5%`.
    pub duplicate: Field<Words>,
    /// How many packets are overtaken by later ones, as `5%`.
    pub reorder: Field<Words>,
    /// How many packets arrive with a bit flipped, as `5%`.
    pub corrupt: Field<Words>,
    /// How many bits pass in a second, as `64kbit` or `1.5Mbit`.
    pub bandwidth: Field<Words>,
    /// The longest IP packet in bytes, from 576 to 1500.
    pub mtu: Field<Words>,
    /// How many packets wait for their turn, from 1 to 1000; what comes then is lost. Only with a
    /// `bandwidth`.
    pub queue: Field<Words>,
    /// When nothing passes, counted from the start of the program, as `1s..3s`, or `1s..` for
    /// ever.
    pub partition: Field<Words>,
}

impl NetworkShape {
    /// The conditions by their names.
    pub(crate) fn conditions(&self) -> [(&'static str, &Field<Words>); 10] {
        [
            ("latency", &self.latency),
            ("jitter", &self.jitter),
            ("loss", &self.loss),
            ("duplicate", &self.duplicate),
            ("reorder", &self.reorder),
            ("corrupt", &self.corrupt),
            ("bandwidth", &self.bandwidth),
            ("mtu", &self.mtu),
            ("queue", &self.queue),
            ("partition", &self.partition),
        ]
    }
}

/// The set of values that a name ranges over.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename = "$by-shape", rename_all = "lowercase")]
#[schemars(rename = "strategy", untagged)]
pub(crate) enum StrategyShape {
    /// `bool`, `port`, `ipv4`, `int(0..9)`, `float(0.1..2.0)`, `bytes(0..64)`, `text(0..64)`,
    /// `one_of(1, 'a')`, `list(int(0..9), 0..5)`, `chunks(bytes(1..99), 8)`, `any_value` or
    /// `any_value(except int, str)`. Ranges include both ends; bytes and text are measured in
    /// bytes and characters.
    Scalar(String),
    /// Values to choose from, where they are easier to read in a list.
    Mapping(OneOfShape),
}

/// Values to choose from.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, expecting = "a mapping")]
#[schemars(rename = "one_of", deny_unknown_fields, extend("required" = ["one_of"]))]
pub(crate) struct OneOfShape {
    /// Python literals.
    #[schemars(extend("minItems" = 1))]
    pub one_of: Field<Vec<Field<Words>>>,
}
