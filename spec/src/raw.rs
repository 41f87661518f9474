//! Owns the shapes of a pack's YAML files, as declarations: which keys there are and what each
//! holds. Does not know what makes them sound; nothing here is required or checked.

use serde::Deserialize;

use crate::duration::Span;
use crate::field::{Field, Table, Words};
use crate::pack::{Basis, Capability, Level};

/// `pack.yaml`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, expecting = "a mapping")]
pub(crate) struct PackShape {
    pub pack: Field<String>,
    pub version: Field<String>,
    pub title: Field<String>,
    pub module: Field<String>,
    pub source: Field<SourceShape>,
}

/// The document that a pack encodes.
#[derive(Debug, Default, Deserialize)]
#[serde(default, expecting = "a mapping")]
pub(crate) struct SourceShape {
    pub title: Field<String>,
    pub url: Field<String>,
    pub sha256: Field<String>,
}

/// Any other file.
#[derive(Debug, Default, Deserialize)]
#[serde(default, expecting = "a mapping")]
pub(crate) struct FileShape {
    pub item: Field<String>,
    pub kind: Field<Kind>,
    pub signature: Field<String>,
    pub section: Field<String>,
    pub summary: Field<String>,
    pub parameters: Field<Table<ParameterShape>>,
    pub returns: Field<String>,
    pub clauses: Field<Table<ClauseShape>>,
    pub examples: Field<Table<ExampleShape>>,
    pub constants: Field<Table<ConstantShape>>,
    pub listings: Field<Table<ListingShape>>,
    pub fixtures: Field<Table<FixtureShape>>,
}

/// The kinds of item that have a file of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename = "kind", rename_all = "lowercase")]
pub(crate) enum Kind {
    Function,
    Method,
    Statement,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, expecting = "a mapping")]
pub(crate) struct ParameterShape {
    pub r#type: Field<String>,
    pub unit: Field<String>,
    pub default: Field<Words>,
    pub says: Field<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, expecting = "a mapping")]
pub(crate) struct ConstantShape {
    pub value: Field<i64>,
    pub r#type: Field<String>,
    pub section: Field<String>,
    pub level: Field<Level>,
    pub basis: Field<Basis>,
    pub says: Field<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, expecting = "a mapping")]
pub(crate) struct ListingShape {
    pub of: Field<String>,
    pub names: Field<Vec<Field<String>>>,
    pub section: Field<String>,
    pub level: Field<Level>,
    pub basis: Field<Basis>,
    pub says: Field<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, expecting = "a mapping")]
pub(crate) struct FixtureShape {
    pub says: Field<String>,
    pub needs: Field<Vec<Field<Capability>>>,
    pub peer: Field<Vec<Field<StepShape>>>,
    pub peers: Field<Table<Vec<Field<StepShape>>>>,
    pub target: Field<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, expecting = "a mapping")]
pub(crate) struct ClauseShape {
    pub level: Field<Level>,
    pub basis: Field<Basis>,
    pub says: Field<String>,
    pub needs: Field<Vec<Field<Capability>>>,
    pub property: Field<CheckShape>,
    pub example: Field<CheckShape>,
}

/// What stands under `property` and `example`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, expecting = "a mapping")]
pub(crate) struct CheckShape {
    pub forall: Field<Table<StrategyShape>>,
    pub assume: Field<Vec<Field<Words>>>,
    pub using: Field<String>,
    pub peer: Field<Vec<Field<StepShape>>>,
    pub peers: Field<Table<Vec<Field<StepShape>>>>,
    pub target: Field<String>,
    pub expect: Field<ExpectShape>,
    pub waits: Field<Span>,
    pub deadline: Field<Span>,
}

/// A documented example.
#[derive(Debug, Default, Deserialize)]
#[serde(default, expecting = "a mapping")]
pub(crate) struct ExampleShape {
    pub section: Field<String>,
    pub level: Field<Level>,
    pub basis: Field<Basis>,
    pub says: Field<String>,
    pub needs: Field<Vec<Field<Capability>>>,
    pub places: Field<Table<Words>>,
    pub program: Field<String>,
    pub transcript: Field<String>,
    pub peer: Field<Vec<Field<StepShape>>>,
    pub peers: Field<Table<Vec<Field<StepShape>>>>,
    pub expect: Field<ExpectShape>,
    pub waits: Field<Span>,
    pub deadline: Field<Span>,
    pub as_printed: Field<AsPrintedShape>,
}

/// A documented example as the document prints it, where that is wrong. What it does not say
/// about the bench is as in the example.
#[derive(Debug, Default, Deserialize)]
#[serde(default, expecting = "a mapping")]
pub(crate) struct AsPrintedShape {
    pub says: Field<String>,
    pub needs: Field<Vec<Field<Capability>>>,
    pub program: Field<String>,
    pub peer: Field<Vec<Field<StepShape>>>,
    pub peers: Field<Table<Vec<Field<StepShape>>>>,
    pub expect: Field<ExpectShape>,
}

/// `expect`: a list of expressions, or a mapping.
#[derive(Debug, Deserialize)]
#[serde(rename = "$by-shape", rename_all = "lowercase")]
pub(crate) enum ExpectShape {
    Sequence(Vec<Field<Words>>),
    Mapping(ExpectMapping),
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, expecting = "a mapping")]
pub(crate) struct ExpectMapping {
    pub raises: Field<RaisesShape>,
    pub stdout: Field<String>,
    pub holds: Field<Vec<Field<Words>>>,
}

/// `raises`: an exception, alone or with the numbers that it may carry.
#[derive(Debug, Deserialize)]
#[serde(rename = "$by-shape", rename_all = "lowercase")]
pub(crate) enum RaisesShape {
    Scalar(String),
    Mapping(Table<Vec<Field<i64>>>),
}

/// A strategy: its text, or `{one_of: […]}`.
#[derive(Debug, Deserialize)]
#[serde(rename = "$by-shape", rename_all = "lowercase")]
pub(crate) enum StrategyShape {
    Scalar(String),
    Mapping(OneOfShape),
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, expecting = "a mapping")]
pub(crate) struct OneOfShape {
    pub one_of: Field<Vec<Field<Words>>>,
}

/// A peer's step: a word, or a word with what it needs.
#[derive(Debug, Deserialize)]
#[serde(rename = "$by-shape", rename_all = "lowercase")]
pub(crate) enum StepShape {
    Scalar(BareStep),
    Mapping(StepWith),
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename = "step that stands alone", rename_all = "lowercase")]
pub(crate) enum BareStep {
    Listen,
    Accept,
    Connect,
    Shutdown,
    Close,
    Reset,
}

#[derive(Debug, Deserialize)]
#[serde(rename = "step with a value", rename_all = "lowercase")]
pub(crate) enum StepWith {
    Accept(NamedShape),
    Connect(NamedShape),
    Send(Field<Words>),
    Receive(ReceiveShape),
    Pause(Span),
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, expecting = "a mapping")]
pub(crate) struct NamedShape {
    pub r#as: Field<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, expecting = "a mapping")]
pub(crate) struct ReceiveShape {
    pub bytes: Field<Words>,
    pub until: Field<Until>,
    pub r#as: Field<String>,
}

/// Where a peer stops to receive.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename = "end", rename_all = "lowercase")]
pub(crate) enum Until {
    Eof,
}
