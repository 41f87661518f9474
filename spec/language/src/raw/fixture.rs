//! Owns the shape of a fixture.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::field::{Field, Table};
use crate::pack::Capability;
use crate::raw::StepShape;

/// A state that checks start from.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, expecting = "a mapping")]
#[schemars(
    rename = "fixture",
    deny_unknown_fields,
    extend("required" = ["says", "target"]),
    extend("not" = {"required": ["peer", "peers"]})
)]
pub(crate) struct FixtureShape {
    /// One sentence on what it gives: the names that it binds.
    pub says: Field<String>,
    /// The fixture that it builds on: its needs, its peers' steps and its program go first.
    pub using: Field<String>,
    /// What target and bench must be able to do for it.
    pub needs: Field<Vec<Field<Capability>>>,
    /// The steps of the one peer, which is called `peer`.
    #[schemars(extend("minItems" = 1))]
    pub peer: Field<Vec<Field<StepShape>>>,
    /// The steps of several peers by name.
    #[schemars(extend("minProperties" = 1))]
    pub peers: Field<Table<Vec<Field<StepShape>>>>,
    /// The Python program that brings the target there.
    pub target: Field<String>,
}
