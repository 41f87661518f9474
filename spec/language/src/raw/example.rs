//! Owns the shape of a documented example.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::duration::Span;
use crate::field::{Field, Table, Words};
use crate::pack::{Basis, Capability, Level, PlaceName};
use crate::raw::{ExpectShape, StepShape};

/// A program of the document, which runs as the document shows it. Gives the clause
/// `/as-documented`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, expecting = "a mapping")]
#[schemars(
    rename = "documented_example",
    deny_unknown_fields,
    extend("required" = ["level", "basis", "says"]),
    extend("oneOf" = [
        {"required": ["program", "expect"]},
        {"required": ["transcript"], "properties": {"program": false, "expect": false}},
    ]),
    extend("not" = {"required": ["peer", "peers"]})
)]
pub(crate) struct ExampleShape {
    /// How much the clause weighs.
    pub level: Field<Level>,
    /// What the clause rests on.
    pub basis: Field<Basis>,
    /// The clause: one sentence on what the example shows.
    pub says: Field<String>,
    /// What target and bench must be able to do for it.
    pub needs: Field<Vec<Field<Capability>>>,
    /// Places of the program that are filled with what the bench has, with their documented
    /// values. A value stands in the program as a whole word, and for one place only.
    #[schemars(extend("propertyNames" = {"enum": PlaceName::ALL.map(PlaceName::word)}))]
    pub places: Field<Table<Words>>,
    /// The program.
    pub program: Field<String>,
    /// An interactive session, in place of `program` and `expect`: lines that begin with `>>> `
    /// are statements, the others what they print.
    pub transcript: Field<String>,
    /// The lines that `input()` gives on the target, in their order, without line ends. Needs
    /// `stdin`.
    #[schemars(extend("minItems" = 1))]
    pub input: Field<Vec<Field<String>>>,
    /// Whether the program does not end by itself: it is interrupted when all peers have
    /// finished, and fails if it ended before. Needs a peer.
    pub endless: Field<bool>,
    /// The steps of the one peer, which is called `peer`.
    #[schemars(extend("minItems" = 1))]
    pub peer: Field<Vec<Field<StepShape>>>,
    /// The steps of several peers by name.
    #[schemars(extend("minProperties" = 1))]
    pub peers: Field<Table<Vec<Field<StepShape>>>>,
    /// What must hold: a list of Python expressions, or a mapping.
    pub expect: Field<ExpectShape>,
    /// How long the example waits by design, in real time. 0 s if it is left out.
    pub waits: Field<Span>,
    /// How long the program may take beyond what it waits. 5 s if it is left out.
    pub deadline: Field<Span>,
    /// The example as the document prints it, where that is wrong.
    pub as_printed: Field<AsPrintedShape>,
}

/// A documented example as the document prints it, where that is wrong. Gives the clause
/// `/as-printed` (erratum, may). What it does not say of the bench is as in the example.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, expecting = "a mapping")]
#[schemars(
    rename = "as_printed",
    deny_unknown_fields,
    extend("required" = ["says", "program", "expect"]),
    extend("not" = {"required": ["peer", "peers"]})
)]
pub(crate) struct AsPrintedShape {
    /// The clause: one sentence on what is wrong, and what comes of it.
    pub says: Field<String>,
    /// What target and bench must be able to do, in place of what the example needs.
    pub needs: Field<Vec<Field<Capability>>>,
    /// The program as it is printed. It may be no Python.
    pub program: Field<String>,
    /// Lines of input, in place of the example's.
    #[schemars(extend("minItems" = 1))]
    pub input: Field<Vec<Field<String>>>,
    /// The steps of the one peer, in place of the example's.
    #[schemars(extend("minItems" = 1))]
    pub peer: Field<Vec<Field<StepShape>>>,
    /// The steps of several peers by name, in place of the example's.
    #[schemars(extend("minProperties" = 1))]
    pub peers: Field<Table<Vec<Field<StepShape>>>>,
    /// What must hold. With `raises` the program is not endless, even if the example is.
    pub expect: Field<ExpectShape>,
}
